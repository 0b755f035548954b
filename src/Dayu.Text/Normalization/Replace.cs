using System.Text;

namespace Dayu.Text;

/// <summary>Replaces every match of a pattern.</summary>
sealed class Replace(Pattern pattern, string with) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        var matches = pattern.Find(text);
        if (matches.Count == 0) return text;
        CheckGrowth(text.Length, (long)matches.Count * with.Length);
        var replaced = new StringBuilder(text.Length);
        int kept = 0;
        foreach (var (start, end) in matches)
        {
            replaced.Append(text[kept..start]).Append(with);
            kept = end;
        }
        return replaced.Append(text[kept..]).ToString();
    }
}
