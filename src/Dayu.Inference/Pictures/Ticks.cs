using System.Globalization;

namespace Dayu.Inference;

/// <summary>The numbers that an axis is marked with: those that a person would choose.</summary>
public static class Ticks
{
    static readonly double[] clock =
        [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

    /// <summary>Places and texts, ascending, within a range.</summary>
    /// <param name="low">Its lower end.</param>
    /// <param name="high">Its upper end.</param>
    /// <param name="scale">How it lies; below 0 there is no logarithm.</param>
    /// <param name="about">How many are wanted.</param>
    public static IReadOnlyList<(double At, string Text)> Of(double low, double high, AxisScale scale, int about)
    {
        if (!(high > low)) return [(low, Number(low, 0))];
        if (scale == AxisScale.Logarithmic && high / low >= 8) return [.. Logarithmic(low, high, about).Select(v => (v, Number(v, 0)))];
        var rough = (high - low) / Math.Max(1, about);
        var isClock = scale == AxisScale.Time && rough > 0.6;
        var step = isClock ? clock.FirstOrDefault(c => c >= rough * 0.8, Step(rough / 86400) * 86400) : Step(rough);
        var (first, last) = ((long)Math.Ceiling(low / step - 1e-9), (long)Math.Floor(high / step + 1e-9));
        return [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => (first + i) * step)
            .Select(v => (v, isClock ? Clock(v) : Number(v, step)))];
    }

    /// <summary>1, 2 or 5 times a power of ten, near a number.</summary>
    public static double Step(double about)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(about)));
        return (about / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 } * power;
    }

    /// <summary>Powers of ten; with 2 and 5 times these where they are few, only some where they are many.</summary>
    static IEnumerable<double> Logarithmic(double low, double high, int about)
    {
        var decades = Math.Log10(high / low);
        double[] within = decades * 3 <= about * 1.5 ? [1, 2, 5] : [1];
        var every = Math.Max(1, (int)Math.Ceiling(decades / (1.6 * Math.Max(1, about))));
        for (var power = (int)Math.Floor(Math.Log10(low)); power <= Math.Log10(high) + 1e-9; power++)
            foreach (var times in power % every == 0 ? within : [])
                if (times * Math.Pow(10, power) is var v && v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9)) yield return v;
    }

    /// <summary>As short as it tells two neighbours apart: 0.25, 1.5, 200, 12k, 3M, 2e-5.</summary>
    /// <param name="value">The number.</param>
    /// <param name="step">From one to the next; 0: it stands alone.</param>
    static string Number(double value, double step)
    {
        var size = Math.Abs(value);
        if (size < step * 1e-6 || size == 0) return "0";
        if ((step > 0 ? step : size) < 1e-3) return Signed(value.ToString("0.##e-0", CultureInfo.InvariantCulture));
        var (unit, name) = size switch
        {
            >= 1e12 => (1e12, "T"), >= 1e9 => (1e9, "B"), >= 1e6 => (1e6, "M"), >= 1e4 => (1e3, "k"), _ => (1, ""),
        };
        var decimals = step > 0 ? Math.Clamp((int)Math.Ceiling(-Math.Log10(step / unit) - 1e-6), 0, 9) : 9;
        var form = step > 0 && unit == 1 ? $"F{decimals}" : $"0.{new string('#', decimals)}";
        return Signed((value / unit).ToString(form, CultureInfo.InvariantCulture)) + name;
    }

    static string Signed(string number) => number.StartsWith('-') ? '−' + number[1..] : number;

    /// <summary>45 s, 2 min, 1:30 h, 2 d.</summary>
    static string Clock(double seconds) => (long)Math.Round(seconds) switch
    {
        0 => "0",
        < 60 and var s => $"{s} s",
        < 3600 and var s => s % 60 == 0 ? $"{s / 60} min" : $"{s / 60}:{s % 60:D2} min",
        < 172_800 and var s => s % 3600 == 0 ? $"{s / 3600} h" : $"{s / 3600}:{s / 60 % 60:D2} h",
        var s => $"{s / 86400.0:0.#} d",
    };
}
