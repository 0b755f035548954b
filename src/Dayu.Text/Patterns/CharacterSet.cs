using System.Text;

namespace Dayu.Text;

/// <summary>
/// The inside of a bracket expression while it is translated: .NET's text of it, and the characters and scripts that it
/// names.
/// </summary>
sealed class CharacterSet
{
    readonly StringBuilder text = new();

    /// <summary>
    /// The characters that it names, first and last of each range: no other character may stand in for one of these.
    /// </summary>
    public List<(int First, int Last)> Explicit { get; } = [];

    /// <summary>Scripts that it names.</summary>
    public List<string> Scripts { get; } = [];

    /// <summary>.NET's text, without brackets.</summary>
    public string Text => text.ToString();

    public void Add(int first, int last, bool ignoreCase)
    {
        Explicit.Add((first, last));
        text.Append(Escaped(first));
        if (last > first) text.Append('-').Append(Escaped(last));
        // Oniguruma folds case by Unicode, by which ſ is an s; .NET does not.
        if (ignoreCase && (first <= 's' && 's' <= last || first <= 'S' && 'S' <= last)) text.Append('ſ');
    }

    /// <summary>An escape that .NET knows: <c>\s</c>, <c>\p{Lu}</c>.</summary>
    public void AddEscape(string escape) => text.Append(escape);

    public void AddScript(string name)
    {
        Scripts.Add(name);
        foreach (var (first, last) in Dayu.Text.Scripts.Ranges(name))
            if (first <= char.MaxValue) text.Append(Escaped(first)).Append('-').Append(Escaped(Math.Min(last, char.MaxValue)));
    }

    public void Add(CharacterSet other)
    {
        text.Append(other.text);
        Explicit.AddRange(other.Explicit);
        Scripts.AddRange(other.Scripts);
    }

    static string Escaped(int character) => $@"\u{character:X4}";
}
