namespace Dayu.Text;

/// <summary>Puts something before a text, unless it is empty.</summary>
sealed class Prepend(string prefix) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text) => text.IsEmpty ? text : string.Concat(prefix, text);
}
