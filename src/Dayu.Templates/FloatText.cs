using System.Globalization;
using System.Numerics;

namespace Dayu.Templates;

/// <summary>
/// Floats with a given number of digits, as Python writes them: judged by the digits the float really has, halves to
/// even.
/// </summary>
static class FloatText
{
    /// <summary>So many digits behind the point: 2.5 with none is 2.</summary>
    public static string Fixed(double value, int digits)
    {
        string text = Scaled(value, digits).ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        string point = digits == 0 ? "" : ".";
        return $"{(double.IsNegative(value) ? "-" : "")}{text[..^digits]}{point}{text[^digits..]}";
    }

    /// <summary>One digit before the point, so many behind it, and the exponent.</summary>
    public static (string Digits, int Exponent) Scientific(double value, int digits)
    {
        if (value == 0)
            return (new('0', digits + 1), 0);
        string estimate = value.ToString("E16", CultureInfo.InvariantCulture);
        int exponent = int.Parse(estimate.AsSpan(estimate.IndexOf('E', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
        string text = Scaled(value, digits - exponent).ToString(CultureInfo.InvariantCulture);
        if (text.Length == digits + 1)
            return (text, exponent);
        exponent += text.Length > digits + 1 ? 1 : -1;                      // rounding reached the next power of ten
        return (Scaled(value, digits - exponent).ToString(CultureInfo.InvariantCulture), exponent);
    }

    /// <summary>The whole number nearest to |value| · 10^power.</summary>
    public static BigInteger Scaled(double value, int power)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) & 0x7FF;
        long mantissa = (bits & 0xFFFFFFFFFFFFF) | (exponent == 0 ? 0 : 1L << 52);
        exponent = Math.Max(1, exponent) - 1075;
        var above = mantissa * BigInteger.Pow(2, Math.Max(0, exponent)) * BigInteger.Pow(10, Math.Max(0, power));
        var below = BigInteger.Pow(2, Math.Max(0, -exponent)) * BigInteger.Pow(10, Math.Max(0, -power));
        var whole = BigInteger.DivRem(above, below, out var rest);
        int half = (2 * rest).CompareTo(below);
        return half > 0 || half == 0 && !whole.IsEven ? whole + 1 : whole;
    }
}
