using System.Diagnostics;

namespace Dayu.Bench;

/// <summary>Runs contenders in turn, round after round, and prints each one's median and its median ratio to the first one, the ceiling. With one thread the time is the processor's: what other
/// programs take meanwhile does not count.</summary>
internal sealed class Rounds(string title, string unit, int threads)
{
    readonly List<(string Name, double Work, Action Body)> contenders = [];

    /// <summary>Work is in units of 10⁹ (operations, bytes) per run.</summary>
    public Rounds Add(string name, double work, Action body)
    {
        contenders.Add((name, work, body));
        return this;
    }

    public void Print(double seconds = 2)
    {
        var rates = contenders.Select(_ => new List<double>()).ToArray();
        foreach (var c in contenders) c.Body();
        var begin = Stopwatch.GetTimestamp();
        while (rates[0].Count < 5 || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
            for (var i = 0; i < contenders.Count; i++)
            {
                var start = Settings.Now(threads);
                contenders[i].Body();
                rates[i].Add(contenders[i].Work / (Settings.Now(threads) - start).TotalSeconds);
            }
        Console.WriteLine($"{title} ({rates[0].Count} rounds)");
        for (var i = 0; i < contenders.Count; i++)
            Console.WriteLine($"  {contenders[i].Name,-28} {Median(rates[i]),8:F1} {unit}   best {rates[i].Max(),8:F1}   ratio {Median(rates[i].Zip(rates[0], (a, b) => a / b)):F2}");
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
