namespace Dayu.Text;

/// <summary>The bytes of every id, end to end in one array: id i is <c>bytes[starts[i]..starts[i + 1]]</c>.</summary>
sealed class Vocabulary
{
    readonly byte[] bytes;
    readonly int[] starts;

    /// <param name="tokens">Bytes by id; null is an id that nothing uses.</param>
    public Vocabulary(IReadOnlyList<byte[]?> tokens)
    {
        starts = new int[tokens.Count + 1];
        for (int id = 0; id < tokens.Count; id++) starts[id + 1] = checked(starts[id] + (tokens[id]?.Length ?? 0));
        bytes = new byte[starts[^1]];
        for (int id = 0; id < tokens.Count; id++) tokens[id]?.CopyTo(bytes, starts[id]);
    }

    /// <summary>How many ids there are.</summary>
    public int Count => starts.Length - 1;

    /// <summary>The bytes of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public ReadOnlySpan<byte> this[int id] => (uint)id < (uint)Count
        ? bytes.AsSpan(starts[id], starts[id + 1] - starts[id])
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"This tokenizer has ids 0 to {Count - 1}; the ids come from another model, or from a broken stream.");
}
