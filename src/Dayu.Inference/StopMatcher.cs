using System.Text;

namespace Dayu.Inference;

/// <summary>
/// Finds stop strings in a stream of text, also where one is spread over several tokens: text that may be the beginning
/// of one is held back.
/// </summary>
/// <param name="stops">Where to end; empty ones are not looked for.</param>
internal sealed class StopMatcher(IEnumerable<string> stops)
{
    readonly string[] stops = [.. stops.Where(s => s.Length > 0)];
    readonly StringBuilder held = new();

    /// <summary>Whether a stop string was found; what follows it is not shown.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Takes more text and gives what may be shown.</summary>
    public string Push(string text)
    {
        if (Stopped) return "";
        if (stops.Length == 0) return text;
        held.Append(text);
        var all = held.ToString();
        held.Clear();
        var end = stops.Select(s => all.IndexOf(s, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        if (end >= 0)
        {
            Stopped = true;
            return all[..end];
        }
        var keep = stops.Max(s => Overlap(all, s));
        held.Append(all, all.Length - keep, keep);
        return all[..^keep];
    }

    /// <summary>What was held back and is no stop string after all.</summary>
    public string Flush()
    {
        var rest = Stopped ? "" : held.ToString();
        held.Clear();
        return rest;
    }

    /// <summary>The longest end of <paramref name="text"/> that begins <paramref name="stop"/>.</summary>
    static int Overlap(string text, string stop)
    {
        for (var n = Math.Min(text.Length, stop.Length - 1); n > 0; n--)
            if (text.AsSpan(text.Length - n).SequenceEqual(stop.AsSpan(0, n))) return n;
        return 0;
    }
}
