using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>The Unicode Character Database's part in normalization form C, from the text file beside this one (Hangul, which is computed, is not in it).</summary>
/// <param name="Decompositions">A character → the one or two that it is made of.</param>
/// <param name="Composites">Two characters → the one they make.</param>
/// <param name="DecomposedOnly">Characters that the normal form never has.</param>
/// <param name="Classes">Combining classes above 0.</param>
sealed record NfcTables(Dictionary<Rune, (Rune First, Rune? Second)> Decompositions, Dictionary<(Rune First, Rune Second), Rune> Composites, List<Rune> DecomposedOnly, Dictionary<Rune, byte> Classes)
{
    public static NfcTables Load()
    {
        var tables = new NfcTables([], [], [], []);
        using var file = new StreamReader(typeof(NfcTables).Assembly.GetManifestResourceStream("Nfc.txt")!);
        int section = 0;
        while (file.ReadLine() is { } line)
            if (line.StartsWith('[')) section++;
            else if (!line.StartsWith('#'))
                foreach (string entry in line.Split(' ')) tables.Add(section, entry.Split('=', '+', '-', ':'));
        return tables;
    }

    /// <summary>Sections 1 and 2: composed=first+second, composed=only. Section 3: first-last:class or one:class.</summary>
    void Add(int section, string[] fields)
    {
        if (section == 3)
        {
            for (int c = Hex(fields[0]).Value; c <= Hex(fields[^2]).Value; c++) Classes[new(c)] = byte.Parse(fields[^1]);
            return;
        }
        var (composed, first, second) = (Hex(fields[0]), Hex(fields[1]), fields.Length > 2 ? Hex(fields[2]) : default(Rune?));
        Decompositions[composed] = (first, second);
        if (section == 1) Composites[(first, second!.Value)] = composed;
        else DecomposedOnly.Add(composed);
    }

    static Rune Hex(string field) => new(int.Parse(field, NumberStyles.HexNumber));
}
