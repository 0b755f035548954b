using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// Texts kept in UTF-8, all in one array: tokens and merges as a file has them. Strings are made on demand; to keep
/// them would take several times the memory and the time for a large vocabulary.
/// </summary>
[CollectionBuilder(typeof(Utf8Texts), nameof(Of))]
public sealed class Utf8Texts : IReadOnlyList<string>
{
    readonly ByteStrings texts;

    /// <param name="expected">About how many there will be.</param>
    public Utf8Texts(int expected = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expected);
        texts = new(expected);
    }

    /// <summary>Makes a list of strings; half a surrogate pair becomes U+FFFD.</summary>
    public static Utf8Texts Of(params ReadOnlySpan<string> strings)
    {
        var texts = new Utf8Texts(strings.Length);
        foreach (string text in strings) texts.Add(Encoding.UTF8.GetBytes(text));
        return texts;
    }

    /// <inheritdoc/>
    public int Count => texts.Count;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text.</exception>
    public string this[int index] => Encoding.UTF8.GetString(Utf8(index));

    /// <summary>The bytes of a text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text.</exception>
    public ReadOnlySpan<byte> Utf8(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return texts[index];
    }

    /// <summary>Adds a text.</summary>
    /// <param name="utf8">Its bytes; those that are not valid UTF-8 become U+FFFD in the string.</param>
    public void Add(ReadOnlySpan<byte> utf8) => texts.Add(utf8);

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
