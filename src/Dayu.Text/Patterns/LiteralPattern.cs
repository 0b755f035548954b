namespace Dayu.Text;

/// <summary>Finds a text letter for letter.</summary>
sealed class LiteralPattern(string literal) : Pattern
{
    public override List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        var found = new List<(int, int)>();
        for (int at = 0; text[at..].IndexOf(literal, StringComparison.Ordinal) is >= 0 and var skip; at = found[^1].Item2) found.Add((at + skip, at + skip + literal.Length));
        return found;
    }
}
