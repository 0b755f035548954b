namespace Dayu.Text;

/// <summary>Matches a text literally.</summary>
sealed class LiteralPattern(string literal) : Pattern
{
    public override List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        var found = new List<(int, int)>();
        int at = 0;
        while (text[at..].IndexOf(literal, StringComparison.Ordinal) is >= 0 and var skip)
        {
            int start = at + skip;
            at = start + literal.Length;
            found.Add((start, at));
        }
        return found;
    }
}
