using System.Text;

namespace Dayu.Training;

/// <summary>Which Chinese characters the national standards have: GB 2312-80 simplified ones, Big5 traditional ones.</summary>
static class HanScripts
{
    /// <summary>Of each character of U+4E00 … U+9FFF: 1 only in GB 2312, 2 only in Big5, 0 in both or neither.</summary>
    public static byte[] FromStandards()
    {
        var (simplified, traditional) = (Table(20936, 0xB0, 0xF7, 0xA1), Table(950, 0xA1, 0xF9, 0x40));
        var scripts = new byte[ChineseLetters.Count];
        for (var i = 0; i < scripts.Length; i++)
            if (simplified[i] != traditional[i]) scripts[i] = simplified[i] ? ChineseModel.Simplified : ChineseModel.Traditional;
        return scripts;
    }

    /// <summary>The characters that two bytes of a code page stand for.</summary>
    static bool[] Table(int page, byte first, byte last, byte trail)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ReplacementFallback,
            new DecoderReplacementFallback(" "))!;
        var has = new bool[ChineseLetters.Count];
        for (int lead = first; lead <= last; lead++)
            for (int next = trail; next <= 0xFE; next++)
                foreach (var c in encoding.GetString([(byte)lead, (byte)next]))
                    if (ChineseLetters.Of(c) < ChineseLetters.Count) has[ChineseLetters.Of(c)] = true;
        return has;
    }
}
