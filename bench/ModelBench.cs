using System.Diagnostics;
using System.Globalization;
using Dayu.Cpu;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Bench;

/// <summary>A whole model: reading a prompt of 512 tokens (pp), and 128 tokens one by one, after the first or after a depth (tg).</summary>
internal static class ModelBench
{
    const int Prompt = 512, Answer = 128, Rounds = 5;

    public static int Run(string path, int threads, string? only, int depth)
    {
        var started = Stopwatch.GetTimestamp();
        using var cpu = new CpuBackend(threads);
        using var model = TextModel.Open(path, cpu);
        using var arena = new Arena(cpu);
        using var cache = KvCache.ForOne(cpu, Math.Max(Prompt, depth + Answer) + 8);
        int Token(int i) => (i * 7919 + 13) % model.Net.Vocabulary;
        int[] prompt = [.. Enumerable.Range(0, Prompt).Select(Token)];
        Read([Token(0)]);
        Console.WriteLine($"{Path.GetFileName(path)}: ready after {Stopwatch.GetElapsedTime(started).TotalSeconds:F2} s, {model.Model.Parameters / 1e6:F0} M parameters, {cpu.Threads} threads");

        List<double> read = [], written = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var start = Settings.Now(cpu.Threads);
            if (only != "tg") Read(prompt);
            read.Add(Prompt / (Settings.Now(cpu.Threads) - start).TotalSeconds);
            using var sequence = cache.Begin();
            if (depth > 0) _ = model.Net.Forward(new(arena, cache, (sequence, Enumerable.Range(0, depth).Select(Token).ToArray()))).ToArray();
            start = Settings.Now(cpu.Threads);
            for (var i = 0; i < Answer && only != "pp"; i++) _ = Sampler.Best(model.Net.Forward(new(arena, cache, (sequence, new[] { Token(i) }))).ToArray());
            written.Add(Answer / (Settings.Now(cpu.Threads) - start).TotalSeconds);
        }
        if (only != "tg") Tell("pp512", read);
        if (only != "pp") Tell("tg128", written);
        return 0;

        void Read(int[] ids)
        {
            using var sequence = cache.Begin();
            _ = model.Net.Forward(new(arena, cache, (sequence, ids))).ToArray();
        }
    }

    static void Tell(string test, List<double> rates)
    {
        double[] sorted = [.. rates.Skip(1).Order()];                 // the first round warms up
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{test}: {sorted[sorted.Length / 2]:F1} tok/s ({sorted[0]:F1} … {sorted[^1]:F1})"));
    }
}
