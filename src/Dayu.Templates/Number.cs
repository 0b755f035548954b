using System.Globalization;
using System.Numerics;

namespace Dayu.Templates;

/// <summary>True or False: in arithmetic and comparison 1 or 0, as in Python.</summary>
sealed class BoolValue(bool value) : Value
{
    public static readonly BoolValue True = new(true), False = new(false);
    public override string Type => "bool";
    public override bool Truth => value;
    public override void Show(TextBuilder to) => to.Append(value ? "True" : "False");
    public override bool Equals(Value? other) => Number.Equal(this, other);
    public override int GetHashCode() => (value ? BigInteger.One : BigInteger.Zero).GetHashCode();
}

/// <summary>A whole number of any size, up to Python's own limit for writing one down (4,300 digits).</summary>
sealed class IntValue(BigInteger value) : Value
{
    public BigInteger Value => value;
    public override string Type => "int";
    public override bool Truth => !value.IsZero;
    public override void Show(TextBuilder to) => to.Append(value.ToString(CultureInfo.InvariantCulture));
    public override bool Equals(Value? other) => Number.Equal(this, other);
    public override int GetHashCode() => value.GetHashCode();
}

/// <summary>A 64-bit float.</summary>
sealed class FloatValue(double value) : Value
{
    public double Value => value;
    public override string Type => "float";
    public override bool Truth => value != 0;
    public override void Show(TextBuilder to) => to.Append(Number.Show(value));
    public override bool Equals(Value? other) => Number.Equal(this, other);
    public override int GetHashCode() =>
        double.IsFinite(value) && double.IsInteger(value) ? new BigInteger(value).GetHashCode() : value.GetHashCode();
}

/// <summary>What numbers have in common.</summary>
static class Number
{
    /// <summary>Bits of the largest integer: 4,300 decimal digits, where Python stops too.</summary>
    public const int MaxBits = 14_284;

    /// <summary>The integer that a bool or int stands for; null for everything else.</summary>
    public static BigInteger? Whole(Value? value) => value switch
    {
        IntValue i => i.Value,
        BoolValue b => b.Truth ? BigInteger.One : BigInteger.Zero,
        _ => null,
    };

    /// <summary>The number as a float; null when it is none.</summary>
    public static double? Real(Value? value) => value is FloatValue f ? f.Value : Whole(value) is { } whole ? (double)whole : null;

    /// <summary>An index or count: beyond the range of int it stands for "farther than anything reaches".</summary>
    public static int Index(Value value)
    {
        var whole = Whole(value) ?? throw new TemplateException($"expected an integer, found {value.Type}");
        return (int)BigInteger.Clamp(whole, -int.MaxValue, int.MaxValue);
    }

    public static bool Equal(Value a, Value? b) =>
        Whole(a) is { } x && Whole(b) is { } y ? x == y : Real(a) is { } u && Real(b) is { } v && u == v;

    public static Value Checked(BigInteger value) =>
        value.GetBitLength() <= MaxBits ? value : throw new TemplateException("an integer of more than 4300 digits");

    /// <summary>Reads an integer as Python's <c>int(text, radix)</c>; null when it is none.</summary>
    public static BigInteger? ParseWhole(string text, int radix = 10)
    {
        var digits = text.AsSpan().Trim();
        bool negative = digits.StartsWith("-");
        if (negative || digits.StartsWith("+"))
            digits = digits[1..];
        int prefixed = digits.Length > 2 && digits[0] == '0' ? RadixOf(digits[1]) : 0;
        if (prefixed != 0 && (radix == prefixed || radix == 0))
        {
            digits = digits[2..];
            radix = prefixed;
        }
        radix = radix == 0 ? 10 : radix;
        if (digits.IsEmpty || digits.Length > 4300 || radix is < 2 or > 36)
            return null;
        var value = BigInteger.Zero;
        for (int i = 0; i < digits.Length; i++)
        {
            char c = digits[i];
            if (c == '_' && i > 0 && i + 1 < digits.Length && digits[i - 1] != '_')
                continue;
            if (Digit(c) is not { } digit || digit >= radix)
                return null;
            value = value * radix + digit;
        }
        return negative ? -value : value;
    }

    /// <summary>
    /// What a digit of any script, or a letter as in hexadecimal numbers, stands for; null when it is neither.
    /// </summary>
    static int? Digit(char c)
    {
        if (char.IsAsciiDigit(c))
            return c - '0';
        if (char.IsAsciiLetter(c))
            return (c | 32) - 'a' + 10;
        return char.IsDigit(c) ? (int)char.GetNumericValue(c) : null;
    }

    /// <summary>Reads a float as Python's <c>float(text)</c>; null when it is none.</summary>
    public static double? ParseReal(string text) => text.Trim().ToLowerInvariant() switch
    {
        "inf" or "+inf" or "infinity" or "+infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        "nan" or "+nan" or "-nan" => double.NaN,
        var t => double.TryParse(t, FloatStyle, CultureInfo.InvariantCulture, out double d) ? d : null,
    };

    /// <summary>The base that a letter behind a zero says; 0 when it says none.</summary>
    static int RadixOf(char c) => (c | 32) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };

    const NumberStyles FloatStyle =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>
    /// Python's <c>repr(float)</c>: the fewest digits that read back the same; an exponent below 1e-4 and from 1e16.
    /// </summary>
    public static string Show(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        string[] shortest = value.ToString("R", CultureInfo.InvariantCulture).TrimStart('-').Split('E');
        string digits = shortest[0].Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        string sign = double.IsNegative(value) ? "-" : "";
        if (digits.Length == 0)
            return sign + "0.0";
        int point = shortest[0].IndexOf('.', StringComparison.Ordinal) is var p and >= 0 ? p : shortest[0].Length;
        int leading = shortest[0].AsSpan().IndexOfAnyInRange('1', '9');
        int exponent = (shortest.Length > 1 ? int.Parse(shortest[1], CultureInfo.InvariantCulture) : 0)
            + (leading < point ? point - leading - 1 : point - leading);
        digits = digits.TrimEnd('0');
        if (exponent is < -4 or >= 16)
        {
            string fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        if (exponent < 0)
            return sign + "0." + new string('0', -exponent - 1) + digits;
        digits = digits.PadRight(exponent + 2, '0');
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}
