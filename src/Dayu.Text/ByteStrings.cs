namespace Dayu.Text;

/// <summary>
/// A growing list of byte strings, end to end in one array: a vocabulary of 150,000 tokens is three objects to the
/// garbage collector, not 150,000.
/// </summary>
/// <param name="expected">About how many there will be.</param>
sealed class ByteStrings(int expected = 0)
{
    byte[] bytes = new byte[Math.Min(8L * expected, 1 << 24)];
    int[] starts = new int[expected + 1];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int i] => bytes.AsSpan(starts[i], starts[i + 1] - starts[i]);

    public void Add(ReadOnlySpan<byte> item)
    {
        int start = starts[Count];
        if (item.Length > Array.MaxLength - start)
            throw new TokenizerException(
                $"The texts of a vocabulary have more than {Array.MaxLength} bytes together. The tokenizer file is damaged.");
        int end = start + item.Length;
        if (end > bytes.Length) Array.Resize(ref bytes, Larger(bytes.Length, end));
        if (++Count == starts.Length) Array.Resize(ref starts, Larger(starts.Length, Count + 1));
        starts[Count] = end;
        item.CopyTo(bytes.AsSpan(start));
    }

    static int Larger(int size, int least) => (int)Math.Min(Array.MaxLength, Math.Max(least, Math.Max(64, 2L * size)));
}
