using System.Diagnostics;
using Dayu.Cpu;

namespace Dayu.Bench;

/// <summary>
/// What a parallel-for costs beyond its work: back to back, after a pause within the spin, and after the workers have parked.
/// </summary>
internal static class WorkersBench
{
    readonly struct Nothing : IJob
    {
        public void Run(int chunk) { }
    }

    public static int Run()
    {
        foreach (var threads in new[] { 1, 2, Environment.ProcessorCount * 2 })
        {
            using var workers = new Workers(threads);
            Measure($"{threads} threads, back to back", workers, 0, 100_000);
            Measure($"{threads} threads, every 20 µs", workers, 20, 20_000);
            Measure($"{threads} threads, every 500 µs", workers, 500, 2_000);
        }
        return 0;
    }

    static void Measure(string name, Workers workers, double pause, int count)
    {
        var micros = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin).TotalMicroseconds < pause;) Thread.SpinWait(1);
            var start = Stopwatch.GetTimestamp();
            workers.Run(new Nothing(), 8);
            micros.Add((Stopwatch.GetTimestamp() - start) * 1e6 / Stopwatch.Frequency);
        }
        micros.Sort();
        Console.WriteLine($"{name,-28} median {micros[count / 2]:F2} µs, 99 % {micros[count * 99 / 100]:F1} µs");
    }
}
