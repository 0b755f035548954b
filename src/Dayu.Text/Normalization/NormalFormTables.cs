using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// What normalization forms need of the Unicode Character Database, from the text file beside this one. (Hangul, which
/// is computed, is not in it.)
/// </summary>
/// <param name="Decompositions">A character → the one or two that it decomposes into.</param>
/// <param name="Composites">Two characters → the one they compose.</param>
/// <param name="DecomposedOnly">Characters that form C never has.</param>
/// <param name="Classes">Combining classes above 0.</param>
/// <param name="Compatibility">A character → its compatibility decomposition, for forms KC and KD.</param>
sealed record NormalFormTables(
    Dictionary<Rune, (Rune First, Rune? Second)> Decompositions,
    Dictionary<(Rune First, Rune Second), Rune> Composites,
    List<Rune> DecomposedOnly,
    Dictionary<Rune, byte> Classes,
    Dictionary<Rune, Rune[]> Compatibility)
{
    public static NormalFormTables Load()
    {
        var tables = new NormalFormTables([], [], [], [], []);
        using var file = new StreamReader(typeof(NormalFormTables).Assembly.GetManifestResourceStream("NormalForms.txt")!);
        int section = 0;
        while (file.ReadLine() is { } line)
            if (line.StartsWith('[')) section++;
            else if (!line.StartsWith('#'))
                foreach (string entry in line.Split(' ')) tables.Add(section, entry);
        return tables;
    }

    /// <summary>
    /// Sections 1 and 2: composed=first+second, composed=only. Section 3: first-last:class or one:class. Section 4:
    /// one=many, or first-last=first, which maps a range to a range.
    /// </summary>
    void Add(int section, string entry)
    {
        var sides = entry.Split('=', ':');
        var (from, to) = (sides[0].Split('-'), sides[1]);
        int first = Hex(from[0]), last = Hex(from[^1]);
        switch (section)
        {
            case 3:
                for (int c = first; c <= last; c++) Classes[new(c)] = byte.Parse(to);
                break;
            case 4:
                Rune[] parts = [.. to.Split('+').Select(part => new Rune(Hex(part)))];
                if (first == last) Compatibility[new(first)] = parts;
                else
                    for (int c = first; c <= last; c++) Compatibility[new(c)] = [new(parts[0].Value + c - first)];
                break;
            case var canonical:
                Rune[] pair = [.. to.Split('+').Select(part => new Rune(Hex(part)))];
                Decompositions[new(first)] = (pair[0], pair.Length > 1 ? pair[1] : null);
                if (canonical == 1) Composites[(pair[0], pair[1])] = new(first);
                else DecomposedOnly.Add(new(first));
                break;
        }
    }

    static int Hex(string field) => int.Parse(field, NumberStyles.HexNumber);
}
