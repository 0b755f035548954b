namespace Dayu.Text;

/// <summary>The bytes of every id.</summary>
/// <param name="tokens">By id; an empty one is an id that nothing uses.</param>
sealed class Vocabulary(ByteStrings tokens)
{
    /// <param name="tokens">Bytes by id; null is an id that nothing uses.</param>
    public Vocabulary(IReadOnlyList<byte[]?> tokens) : this(new ByteStrings(tokens.Count))
    {
        foreach (var token in tokens) this.tokens.Add(token);
    }

    readonly ByteStrings tokens = tokens;

    public int Count => tokens.Count;

    /// <summary>The bytes of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public ReadOnlySpan<byte> this[int id] => (uint)id < (uint)Count ? tokens[id] : throw new ArgumentOutOfRangeException(
        nameof(id), id, $"This tokenizer has ids 0 to {Count - 1}; the ids come from another model, or from a broken stream.");
}
