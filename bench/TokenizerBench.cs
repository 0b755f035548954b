using System.Diagnostics;
using System.Text;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Bench;

/// <summary>
/// Tokenizers over texts, one thread: how long one takes to be made, its first pass over the first 1 MB of a text
/// (cold: a new object each time), and later passes (warm: the best, as peers' programs print). Wall clock, and
/// processor time, which other work on the machine disturbs less. Files named *.txt (but for vocab.txt) are texts, all
/// others tokenizers.
/// </summary>
internal static class TokenizerBench
{
    const int Megabyte = 1_000_000, ColdPasses = 5;
    const double WarmSeconds = 1;

    public static int Run(string[] files)
    {
        var texts = files.Where(IsText).Select(path => (Path.GetFileNameWithoutExtension(path), First(File.ReadAllText(path)))).ToArray();
        Console.WriteLine($"{"",-24} {"made, ms",9} {"used",6} {"text",6}  {"cold MB/s",9} {"warm MB/s",9}   "
            + $"{"by processor time",17}   {"ids",8} {"batch MB/s",10}");
        foreach (string path in files.Where(file => !IsText(file)))
        {
            TokenizerFiles.Open(path).Encode(string.Concat(texts.Select(text => text.Item2)));      // the code is compiled now
            for (int i = 0; i < 30; i++) TokenizerFiles.Open(path).Encode(string.Concat(texts.Select(text => text.Item2[..20_000])));
            var made = Best(ColdPasses, () => _ = TokenizerFiles.Open(path));
            foreach (var (name, text) in texts) Tell(path, made, name, text);
        }
        return 0;
    }

    static bool IsText(string path) =>
        path.EndsWith(".txt", StringComparison.Ordinal) && !path.EndsWith("vocab.txt", StringComparison.Ordinal);

    /// <summary>Its first megabyte.</summary>
    public static string First(string text)
    {
        int length = Math.Min(text.Length, Megabyte);
        while (Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) > Megabyte)
            length -= Math.Max(1, (Encoding.UTF8.GetByteCount(text.AsSpan(0, length)) - Megabyte) / 4);
        return text[..length];
    }

    /// <summary>
    /// MB/s of the first pass of a new object and of later passes, by the clock and by processor time; seconds are
    /// those of <see cref="Best"/>.
    /// </summary>
    public static ((double Wall, double Processor) Cold, (double Wall, double Processor) Warm, int Ids) Measure(string path, string text)
    {
        double megabytes = Encoding.UTF8.GetByteCount(text) / 1e6;
        Tokenizer tokenizer = TokenizerFiles.Open(path);
        int ids = tokenizer.Encode(text, addSpecial: false).Count;
        var cold = Best(ColdPasses, () => tokenizer.Encode(text, addSpecial: false), () => tokenizer = TokenizerFiles.Open(path));
        var warm = Best((int)(WarmSeconds / cold.Wall) + 3, () => tokenizer.Encode(text, addSpecial: false));
        return ((megabytes / cold.Wall, megabytes / cold.Processor), (megabytes / warm.Wall, megabytes / warm.Processor), ids);
    }

    static void Tell(string path, (double Wall, double Processor) made, string name, string text)
    {
        double megabytes = Encoding.UTF8.GetByteCount(text) / 1e6;
        var speed = Measure(path, text);
        Tokenizer tokenizer = TokenizerFiles.Open(path);
        string[] lines = [.. Enumerable.Repeat(text.Split('\n'), 4).SelectMany(some => some)];
        tokenizer.EncodeBatch(lines);
        var batch = Best(5, () => tokenizer.EncodeBatch(lines));
        var file = Path.GetFileName(path).Replace(".tokenizer.json", "", StringComparison.Ordinal);
        Console.WriteLine($"{file,-24} {made.Wall * 1e3,9:F1} {made.Processor * 1e3,6:F0} {name,6}  "
            + $"{speed.Cold.Wall,9:F1} {speed.Warm.Wall,9:F1}   {speed.Cold.Processor,8:F1} {speed.Warm.Processor,8:F1}   "
            + $"{speed.Ids,8} {4 * megabytes / batch.Wall,10:F1}");
    }

    /// <summary>The best wall clock; processor time over all passes, since its clock is coarse.</summary>
    static (double Wall, double Processor) Best(int passes, Action pass, Action? before = null)
    {
        var (best, processor) = (double.MaxValue, 0.0);
        for (int i = 0; i < passes; i++)
        {
            before?.Invoke();
            var (used, start) = (Environment.CpuUsage.UserTime, Stopwatch.GetTimestamp());
            pass();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            processor += (Environment.CpuUsage.UserTime - used).TotalSeconds;
        }
        return (best, processor / passes);
    }
}
