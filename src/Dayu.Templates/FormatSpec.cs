using System.Globalization;
using System.Numerics;

namespace Dayu.Templates;

/// <summary>
/// How to write one value: Python's format mini-language, <c>[[fill]align][sign][#][0][width][,][.precision][type]</c>.
/// Numbers are by whoever wrote the format; a string keeps its own authors.
/// </summary>
sealed record FormatSpec(
    Author By, string Fill, char Align, char Sign, bool Alternate, int Width, char Grouping, int Precision, char Type)
{
    const int MaxPrecision = 300;

    public static FormatSpec Parse(string spec, Author by)
    {
        int i = 0;
        string fill = " ";
        char align = '\0', sign = '-', grouping = '\0';
        bool alternate = false;
        if (spec.Length > 1 && spec[1] is '<' or '>' or '^' or '=')
            (fill, align, i) = (spec[..1], spec[1], 2);
        else if (spec.Length > 0 && spec[0] is '<' or '>' or '^' or '=')
            (align, i) = (spec[0], 1);
        if (i < spec.Length && spec[i] is '+' or '-' or ' ')
            sign = spec[i++];
        if (i < spec.Length && spec[i] == '#')
            (alternate, i) = (true, i + 1);
        if (i < spec.Length && spec[i] == '0')
            (fill, align, i) = (align == '\0' ? "0" : fill, align == '\0' ? '=' : align, i + 1);
        int width = Digits(spec, ref i) ?? 0;
        if (i < spec.Length && spec[i] is ',' or '_')
            grouping = spec[i++];
        int precision = -1;
        if (i < spec.Length && spec[i] == '.')
        {
            i++;
            precision = Digits(spec, ref i) ?? throw new TemplateException($"format '{spec}': a '.' without precision");
        }
        char type = i < spec.Length ? spec[i++] : '\0';
        return i == spec.Length
            ? new(by, fill, align, sign, alternate, width, grouping, precision, type)
            : throw new TemplateException($"format '{spec}' is not understood");
    }

    static int? Digits(string spec, ref int i)
    {
        int start = i;
        while (i < spec.Length && char.IsAsciiDigit(spec[i]))
            i++;
        if (i == start)
            return null;
        return int.TryParse(spec.AsSpan(start, i - start), out int n)
            ? n
            : throw new TemplateException($"format '{spec}': too many digits");
    }

    public AuthoredText Apply(Run run, Value value)
    {
        if (Type is 's' or '\0' && value is TextValue { Authored: var text } && Grouping == '\0')
            return Pad(run, "", Precision < 0 ? text : text[..Runes.Offset(text.Text, Precision)], '<');
        if (Type is 'c' && Number.Whole(value) is { } code && code >= 0 && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF))
            return Pad(run, "", Character((int)code), '<');
        if (Number.Real(value) is not { } real)
            throw new TemplateException($"a {value.Type} has no format '{Type}'");
        bool negative = Number.Whole(value) is { } w ? w.Sign < 0 : real < 0 || double.IsNegative(real) && real == 0;
        string sign = negative ? "-" : Sign == '-' ? "" : Sign.ToString();
        string digits = Number.Whole(value) is { } whole && Type is '\0' or 'd' or 'n' or 'b' or 'o' or 'x' or 'X'
            ? Whole(BigInteger.Abs(whole))
            : Real(Math.Abs(real));
        string prefix = Alternate ? Type switch { 'x' => "0x", 'X' => "0X", 'o' => "0o", 'b' => "0b", _ => "" } : "";
        return Pad(run, sign + prefix, new(digits, By), '>');
    }

    /// <summary>
    /// A character made of its number, which may have come from anywhere: so it is nobody's but the user's.
    /// </summary>
    static AuthoredText Character(int code) => new(char.ConvertFromUtf32(code), Author.User);

    string Whole(BigInteger value) => Type switch
    {
        'b' => Trim(value.ToString("B", CultureInfo.InvariantCulture)),
        'x' => Trim(value.ToString("x", CultureInfo.InvariantCulture)),
        'X' => Trim(value.ToString("X", CultureInfo.InvariantCulture)),
        'o' => Octal(value),
        _ => Group(value.ToString(CultureInfo.InvariantCulture)),
    };

    static string Trim(string digits) => digits.TrimStart('0') is { Length: > 0 } rest ? rest : "0";

    static string Octal(BigInteger value)
    {
        string bits = Trim(value.ToString("B", CultureInfo.InvariantCulture));
        bits = bits.PadLeft((bits.Length + 2) / 3 * 3, '0');
        var digits = Enumerable.Range(0, bits.Length / 3).Select(i => (char)('0' + Convert.ToInt32(bits.Substring(3 * i, 3), 2)));
        return string.Concat(digits);
    }

    string Real(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : "inf";
        if (Precision > MaxPrecision)
            throw new TemplateException($"a precision of more than {MaxPrecision} digits");
        int precision = Precision < 0 ? 6 : Precision;
        return Type switch
        {
            'f' or 'F' => Group(Pointed(FloatText.Fixed(value, precision))),
            '%' => FloatText.Fixed(value * 100, precision) + "%",
            'e' or 'E' => Pointed(Exponent(value, precision)),
            '\0' when Precision < 0 => Group(Number.Show(value)),
            'g' or 'G' or 'n' or '\0' => Pointed(General(value, Math.Max(1, precision))),
            _ => throw new TemplateException($"format '{Type}' is not for a float"),
        };
    }

    /// <summary>With <c>#</c> a number has a point, whether digits follow it or not.</summary>
    string Pointed(string number)
    {
        int end = number.IndexOfAny(['.', 'e', 'E']) is var found and >= 0 ? found : number.Length;
        return Alternate && (end == number.Length || number[end] != '.') ? number.Insert(end, ".") : number;
    }

    string Exponent(double value, int precision)
    {
        var (digits, exponent) = FloatText.Scientific(value, precision);
        string point = precision > 0 ? "." : "";
        string mark = (char.IsAsciiLetterUpper(Type) ? "E" : "e") + (exponent < 0 ? '-' : '+');
        return $"{digits[0]}{point}{digits[1..]}{mark}{Math.Abs(exponent):00}";
    }

    string General(double value, int precision)
    {
        int exponent = FloatText.Scientific(value, precision - 1).Exponent;
        bool small = exponent >= -4 && exponent < precision;
        string text = small ? FloatText.Fixed(value, precision - 1 - exponent) : Exponent(value, precision - 1);
        int e = small ? text.Length : text.LastIndexOfAny(['e', 'E']);
        string digits = text[..e];
        if (digits.Contains('.', StringComparison.Ordinal) && !Alternate)
            digits = digits.TrimEnd('0').TrimEnd('.');
        return Group(digits) + text[e..];
    }

    string Group(string digits)
    {
        if (Grouping == '\0')
            return digits;
        int point = digits.IndexOfAny(['.', 'e']) is var p and >= 0 ? p : digits.Length;
        string whole = digits[..point];
        for (int i = point - 3; i > 0; i -= 3)
            whole = whole.Insert(i, Grouping.ToString());
        return whole + digits[point..];
    }

    AuthoredText Pad(Run run, string sign, AuthoredText text, char usual)
    {
        char align = Align == '\0' ? usual : Align;
        var (to, fill) = (new TextBuilder(run, By), new AuthoredText(Fill, By));
        to.Append(sign);
        if (align == '=')
            return to.Append(Padding.Pad(run, text, Width - sign.Length, fill, '>')).ToText();
        return Padding.Pad(run, to.Append(text).ToText(), Width, fill, align);
    }
}
