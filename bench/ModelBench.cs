using System.Diagnostics;
using System.Globalization;
using Dayu.Cpu;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Bench;

/// <summary>A whole model: reading a prompt of 512 tokens (pp), and 128 tokens one by one, after the first or after a depth (tg); and the memory it takes.</summary>
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
        TellMemory();
        return 0;

        void Read(int[] ids)
        {
            using var sequence = cache.Begin();
            _ = model.Net.Forward(new(arena, cache, (sequence, ids))).ToArray();
        }
    }

    /// <summary>Linux says what is the process's own and what is mapped of files, which the system may take back at any time.</summary>
    static void TellMemory()
    {
        const string status = "/proc/self/status";
        if (!File.Exists(status)) { Console.WriteLine($"memory: {Environment.WorkingSet >> 20} MiB"); return; }
        int Of(string key) => int.Parse(File.ReadLines(status).First(l => l.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) >> 10;
        Console.WriteLine($"memory: {Of("RssAnon:")} MiB own, {Of("RssFile:")} MiB mapped; at most {Of("VmHWM:")} MiB together");
    }

    static void Tell(string test, List<double> rates)
    {
        double[] sorted = [.. rates.Skip(1).Order()];                 // the first round warms up
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{test}: {sorted[sorted.Length / 2]:F1} tok/s ({sorted[0]:F1} … {sorted[^1]:F1})"));
    }
}
