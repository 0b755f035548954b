using System.Text;

namespace Dayu.Text;

/// <summary>
/// Text being written, in an array that grows. Operations on whole runs of characters write to it directly.
/// </summary>
sealed class CharBuffer(int capacity)
{
    char[] characters = new char[capacity];
    int count;

    public ReadOnlySpan<char> Written => characters.AsSpan(0, count);

    /// <summary>Free memory for so many characters; <see cref="Advance"/> keeps what was written there.</summary>
    public Span<char> Free(int room)
    {
        if (characters.Length - count < room) Array.Resize(ref characters, checked(Math.Max(count + count / 2, count + room)));
        return characters.AsSpan(count);
    }

    /// <summary>Keeps so many of the characters written to <see cref="Free"/>.</summary>
    public void Advance(int written) => count += written;

    public void Append(ReadOnlySpan<char> text)
    {
        text.CopyTo(Free(text.Length));
        count += text.Length;
    }

    public void Append(Rune rune) => count += rune.EncodeToUtf16(Free(2));
}
