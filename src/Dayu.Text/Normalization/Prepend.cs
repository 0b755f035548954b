namespace Dayu.Text;

/// <summary>Puts a prefix before a text, unless the text is empty.</summary>
sealed class Prepend(string prefix) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text) => text.IsEmpty ? text : string.Concat(prefix, text);
}
