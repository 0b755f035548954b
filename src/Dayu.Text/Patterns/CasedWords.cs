using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// A run of letters that have cases, with the one white space before it: DeepSeek's <c>\s?[A-Za-zµÀ-Ö…]+</c>, which names
/// characters beyond U+FFFF and so cannot be said to .NET's engine.
/// </summary>
sealed class CasedWords : Pattern
{
    const string Letters =
        """
        41-5A 61-7A B5 C0-D6 D8-F6 F8-1BA 1BC-1BF 1C4-293 295-2AF 370-373 376 377 37B-37D 37F 386 388-38A 38C 38E-3A1 3A3-3F5
        3F7-481 48A-52F 531-556 10A0-10C5 13A0-13F5 13F8-13FD 1C90-1CBA 1CBD-1CBF 1D00-1D2B 1D6B-1D77 1D79-1D9A 1E00-1F15
        1F18-1F1D 1F20-1F45 1F48-1F4D 1F50-1F57 1F59 1F5B 1F5D 1F5F-1F7D 1F80-1FB4 1FB6-1FBC 1FBE 1FC2-1FC4 1FC6-1FCC
        1FD0-1FD3 1FD6-1FDB 1FE0-1FEC 1FF2-1FF4 1FF6-1FFC 2102 2107 210A-2113 2115 2119-211D 2124 2126 2128 212A-212D
        212F-2134 2139 213C-213F 2145-2149 214E 2183 2184 2C00-2C7B 2C7E-2CE4 2CEB-2CEE 2CF2 2CF3 A640-A66D A680-A69B
        A722-A76F A771-A787 A78B-A78E AB70-ABBF FB00-FB06 FB13-FB17 FF21-FF3A FF41-FF5A 10400-1044F 104B0-104D3 104D8-104FB
        10C80-10CB2 10CC0-10CF2 118A0-118DF 1E900-1E943
        """;

    static readonly (int First, int Last)[] ranges =
        [.. Letters.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(Range)];

    static (int First, int Last) Range(string text)
    {
        string[] bounds = text.Split('-');
        return (Hex(bounds[0]), Hex(bounds[^1]));

        static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber);
    }

    /// <summary>How tokenizer.json writes it.</summary>
    public static string Regex { get; } = $@"\s?[{string.Concat(ranges.Select(Written))}]+";

    static string Written((int First, int Last) range) =>
        range.First == range.Last ? $"{new Rune(range.First)}" : $"{new Rune(range.First)}-{new Rune(range.Last)}";

    public override List<(int Start, int End)> Find(ReadOnlySpan<char> text)
    {
        var found = new List<(int, int)>();
        int at = 0, start = -1, space = -1;                          // the run's start; where a white space ends here
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsLetter(rune)) start = start >= 0 ? start : space >= 0 ? space : at;
            else if (start >= 0)
            {
                found.Add((start, at));
                start = -1;
            }
            space = Rune.IsWhiteSpace(rune) ? at : -1;
            at += rune.Utf16SequenceLength;
        }
        if (start >= 0) found.Add((start, at));
        return found;
    }

    static bool IsLetter(Rune rune)
    {
        int low = 0, high = ranges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (ranges[middle].Last < rune.Value) low = middle + 1;
            else high = middle;
        }
        return low < ranges.Length && ranges[low].First <= rune.Value;
    }
}
