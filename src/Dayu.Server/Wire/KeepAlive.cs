using System.Globalization;
using System.Text.Json;

namespace Dayu.Server;

/// <summary>
/// How long a model stays in memory after a request, as Ollama's clients say it: <c>"5m"</c>, <c>30</c>, <c>-1</c>, <c>0</c>.
/// </summary>
public static class KeepAlive
{
    static readonly (string Suffix, double Seconds)[] units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <summary>The field <c>keep_alive</c>; null: it is not there. Below 0: for good.</summary>
    internal static TimeSpan? Read(RequestFields fields) => fields.Any("keep_alive") is { } v
        ? Of(v) ?? throw RequestFields.Wrong(fields.At("keep_alive"), v, "seconds as a number, or a time like \"5m\"; below 0 is for good")
        : null;

    static TimeSpan? Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var seconds) => Time(seconds),
        JsonValueKind.String => Parse(value.GetString()!),
        _ => null,
    };

    /// <summary>A text like <c>5m</c>, <c>1.5h</c>, <c>30</c>; null: it is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        foreach (var (suffix, seconds) in units)
            if (text.EndsWith(suffix, StringComparison.Ordinal) && Number(text[..^suffix.Length]) is { } n) return Time(n * seconds);
        return Number(text) is { } plain ? Time(plain) : null;
    }

    static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) && double.IsFinite(n) ? n : null;

    /// <summary>A timer waits 49 days at most; longer is for good.</summary>
    static TimeSpan Time(double seconds) =>
        seconds < 0 || seconds > TimeSpan.FromDays(49).TotalSeconds ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
}
