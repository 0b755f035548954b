using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>The script of each character, from the text file beside this one.</summary>
public static class Scripts
{
    static readonly (int First, int Last, string Script)[] ranges = [.. Load().OrderBy(range => range.First)];
    static readonly (int First, int Last)[] han = [.. Ranges("Han")];

    /// <summary>
    /// The script's name as in the Unicode Character Database (<c>Old_Italic</c>); null for a character that has none.
    /// </summary>
    public static string? Of(Rune rune)
    {
        int low = 0, high = ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (rune.Value < ranges[middle].First) high = middle - 1;
            else if (rune.Value > ranges[middle].Last) low = middle + 1;
            else return ranges[middle].Script;
        }
        return null;
    }

    /// <summary>Whether a character's script is Han: ideographs, radicals, 々, 〇.</summary>
    public static bool IsHan(int character)
    {
        if (character < han[0].First) return false;
        foreach (var (first, last) in han)
            if (character <= last) return character >= first;
        return false;
    }

    /// <summary>
    /// The characters of a script; none for an unknown name. Case, spaces, hyphens and underscores in the name do not
    /// matter.
    /// </summary>
    public static IEnumerable<(int First, int Last)> Ranges(string script) =>
        ranges.Where(range => Plain(range.Script) == Plain(script)).Select(range => (range.First, range.Last));

    /// <summary>A property's name for comparison: small letters and digits only.</summary>
    public static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    static IEnumerable<(int First, int Last, string Script)> Load()
    {
        using var file = new StreamReader(typeof(Scripts).Assembly.GetManifestResourceStream("Scripts.txt")!);
        string script = "";
        while (file.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var fields = line.Split(' ');
            if (fields[0].Length > 0) script = fields[0];
            foreach (string range in fields[1..])
            {
                var ends = range.Split('-');
                yield return (int.Parse(ends[0], NumberStyles.HexNumber), int.Parse(ends[^1], NumberStyles.HexNumber), script);
            }
        }
    }
}
