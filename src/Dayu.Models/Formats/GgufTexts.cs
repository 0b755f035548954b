namespace Dayu.Models;

/// <summary>
/// An array of texts in a GGUF file, walked over by <c>foreach</c>: the UTF-8 of each as it lies in the file, valid as
/// long as that is open.
/// </summary>
public ref struct GgufTexts
{
    GgufCursor cursor;
    int left;

    internal GgufTexts(GgufCursor first, int count) => (cursor, Count, left) = (first, count, count);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The text that <see cref="MoveNext"/> came to.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>For <c>foreach</c>: itself, from where it stands.</summary>
    public readonly GgufTexts GetEnumerator() => this;

    /// <summary>Goes on to the next.</summary>
    /// <exception cref="InvalidDataException">The next is no UTF-8; says where.</exception>
    public bool MoveNext()
    {
        if (left == 0) return false;
        left--;
        Current = cursor.TextUtf8();
        return true;
    }
}
