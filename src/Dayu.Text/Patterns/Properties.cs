namespace Dayu.Text;

/// <summary>
/// Names of character properties, <c>\p{…}</c> and <c>[:…:]</c>, as .NET's bracket expressions write them.
/// </summary>
static class Properties
{
    /// <summary>Unicode's general categories by their short names, which .NET knows.</summary>
    static readonly HashSet<string> categories =
    [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo",
        "M", "Mn", "Mc", "Me",
        "N", "Nd", "Nl", "No",
        "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "S", "Sm", "Sc", "Sk", "So",
        "Z", "Zs", "Zl", "Zp",
        "C", "Cc", "Cf", "Cs", "Co", "Cn",
    ];

    /// <summary>Long names, and those of POSIX brackets.</summary>
    static readonly Dictionary<string, string> others = new(StringComparer.Ordinal)
    {
        ["letter"] = @"\p{L}", ["uppercaseletter"] = @"\p{Lu}", ["lowercaseletter"] = @"\p{Ll}",
        ["titlecaseletter"] = @"\p{Lt}", ["modifierletter"] = @"\p{Lm}", ["otherletter"] = @"\p{Lo}",
        ["mark"] = @"\p{M}", ["nonspacingmark"] = @"\p{Mn}", ["spacingmark"] = @"\p{Mc}", ["enclosingmark"] = @"\p{Me}",
        ["number"] = @"\p{N}", ["decimalnumber"] = @"\p{Nd}", ["letternumber"] = @"\p{Nl}", ["othernumber"] = @"\p{No}",
        ["punctuation"] = @"\p{P}", ["symbol"] = @"\p{S}", ["mathsymbol"] = @"\p{Sm}", ["currencysymbol"] = @"\p{Sc}",
        ["modifiersymbol"] = @"\p{Sk}", ["othersymbol"] = @"\p{So}",
        ["separator"] = @"\p{Z}", ["spaceseparator"] = @"\p{Zs}",
        ["other"] = @"\p{C}", ["control"] = @"\p{Cc}", ["format"] = @"\p{Cf}",
        ["digit"] = @"\p{Nd}", ["space"] = @"\s", ["whitespace"] = @"\s",
        ["upper"] = Capitals, ["uppercase"] = Capitals, ["cntrl"] = @"\p{Cc}", ["word"] = Word, ["xdigit"] = "0-9A-Fa-f",
        ["any"] = @"\s\S", ["punct"] = @"\p{P}\p{S}", ["blank"] = @"\p{Zs}\t",
    };

    /// <summary>Capital letters, and Ⅷ and Ⓐ, which count as such.</summary>
    const string Capitals = @"\p{Lu}\u2160-\u216F\u24B6-\u24CF";

    /// <summary>
    /// Unicode's word characters (UTS #18, annex C) without joiners; .NET's <c>\w</c> lacks spacing marks and letter
    /// numbers.
    /// </summary>
    const string Words = @"\p{L}\p{M}\p{Nl}\p{Nd}\p{Pc}\u24B6-\u24E9";

    /// <summary>Oniguruma's <c>\w</c>, which has the superscripts and fractions of Latin-1.</summary>
    public const string Word = Words + @"\u00B2\u00B3\u00B9\u00BC-\u00BE";

    /// <summary>Rust's <c>\w</c>, which has the joiners U+200C and U+200D.</summary>
    public const string RustWord = Words + @"\u200C\u200D";

    /// <summary>
    /// The inside of a bracket expression for a property; null if it is not known (it may be a script).
    /// </summary>
    public static string? Find(string name) =>
        categories.Contains(name) ? $@"\p{{{name}}}" : others.GetValueOrDefault(Scripts.Plain(name));
}
