namespace Dayu.Text;

/// <summary>Names of character properties, <c>\p{…}</c> and <c>[:…:]</c>, as .NET's bracket expressions write them.</summary>
static class Properties
{
    /// <summary>Of Unicode's general categories .NET knows the short names.</summary>
    static readonly HashSet<string> categories =
        ["L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Cs", "Co", "Cn"];

    static readonly Dictionary<string, string> others = new(StringComparer.Ordinal)
    {
        ["letter"] = @"\p{L}", ["uppercaseletter"] = @"\p{Lu}", ["lowercaseletter"] = @"\p{Ll}", ["titlecaseletter"] = @"\p{Lt}", ["modifierletter"] = @"\p{Lm}", ["otherletter"] = @"\p{Lo}",
        ["mark"] = @"\p{M}", ["nonspacingmark"] = @"\p{Mn}", ["spacingmark"] = @"\p{Mc}", ["enclosingmark"] = @"\p{Me}",
        ["number"] = @"\p{N}", ["decimalnumber"] = @"\p{Nd}", ["letternumber"] = @"\p{Nl}", ["othernumber"] = @"\p{No}",
        ["punctuation"] = @"\p{P}", ["symbol"] = @"\p{S}", ["mathsymbol"] = @"\p{Sm}", ["currencysymbol"] = @"\p{Sc}", ["modifiersymbol"] = @"\p{Sk}", ["othersymbol"] = @"\p{So}",
        ["separator"] = @"\p{Z}", ["spaceseparator"] = @"\p{Zs}", ["other"] = @"\p{C}", ["control"] = @"\p{Cc}", ["format"] = @"\p{Cf}",
        ["alpha"] = Alphabetic, ["alphabetic"] = Alphabetic, ["alnum"] = Alphabetic + @"\p{Nd}", ["digit"] = @"\p{Nd}", ["space"] = @"\s", ["whitespace"] = @"\s",
        ["upper"] = @"\p{Lu}", ["uppercase"] = @"\p{Lu}", ["lower"] = @"\p{Ll}", ["lowercase"] = @"\p{Ll}", ["cntrl"] = @"\p{Cc}", ["word"] = Word, ["xdigit"] = "0-9A-Fa-f", ["any"] = @"\s\S",
        ["punct"] = @"\p{P}$+<=>^`|~", ["blank"] = @"\p{Zs}\t",
    };

    /// <summary>Letters, and what counts as such.</summary>
    const string Alphabetic = @"\p{L}\p{Nl}\p{Mn}\p{Mc}\u24B6-\u24E9";

    /// <summary><c>\w</c>: .NET's own lacks spacing marks and letter numbers.</summary>
    public const string Word = @"\p{L}\p{M}\p{Nl}\p{Nd}\p{Pc}\u24B6-\u24E9";

    /// <summary>The inside of a bracket expression for a property; null if it is not known (it may be a script).</summary>
    public static string? Find(string name) => categories.Contains(name) ? $@"\p{{{name}}}" : others.GetValueOrDefault(Scripts.Plain(name));
}
