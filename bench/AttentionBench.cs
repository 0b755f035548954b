using Dayu.Cpu;
using Dayu.Tensors;

namespace Dayu.Bench;

/// <summary>Attention over caches larger than the processor's: decode against a plain read of the same bytes, prompts against multiply-adds in registers.</summary>
internal static unsafe class AttentionBench
{
    const long Footprint = 192 << 20;                                // bytes read in a round: many layers' caches in turn

    static readonly (string Name, AttentionSpec Spec)[] shapes =
        [("SmolLM2-135M", new(9, 3, 64)), ("Qwen2.5-0.5B", new(14, 2, 64)), ("Llama-3.2-1B", new(32, 8, 64)), ("GPT-2", new(12, 12, 64))];

    public static int Run(string? only)
    {
        foreach (var threads in Settings.Threads)
        {
            using var machine = new Machine(CpuPaths.Detect(), threads);
            using var cpu = new CpuBackend(threads);
            Console.WriteLine($"{threads} threads");
            foreach (var (name, spec) in shapes)
            {
                if (only is not null && !name.Contains(only, StringComparison.OrdinalIgnoreCase)) continue;
                foreach (var (sequences, keys) in new[] { (1, 100), (1, 4096), (8, 512), (1, 32768) })
                    Decode(machine, cpu, name, spec, sequences, keys);
                foreach (var (queries, keys) in new[] { (512, 512), (512, 4096) }) Prompt(machine, cpu, name, spec, queries, keys);
            }
        }
        return 0;
    }

    static void Decode(Machine machine, CpuBackend cpu, string name, AttentionSpec spec, int sequences, int keys)
    {
        Rounds? rounds = null;
        using var arena = new Arena(cpu);
        List<NativeBuffer> read = [];
        foreach (var format in Op.CacheFormats)
        {
            var (rows, width) = (sequences * keys, spec.KeyValueHeads * spec.HeadWidth);
            var bytes = 2 * format.BytesFor((long)rows * width);
            var layers = (int)Math.Max(1, Footprint / bytes);
            if (rounds is null)
            {
                read.Add(Settings.Floats((nint)(layers * bytes / sizeof(float))));
                rounds = new Rounds($"{name}, {sequences} × 1 query, {keys} keys", "GB/s", cpu.Threads).Add("plain read", layers * bytes / 1e9, () => Ceiling.Read(machine, read[0].Pointer, read[0].Bytes));
            }
            var caches = Enumerable.Range(0, layers).Select(_ => (Cache(arena, format, rows, width), Cache(arena, format, rows, width))).ToArray();
            var layout = new SequenceLayout([.. Enumerable.Range(0, sequences + 1)], [.. Enumerable.Repeat(keys, sequences)], [.. Enumerable.Range(0, sequences).Select(s => new[] { s * keys })], keys);
            var q = arena.New(sequences, spec.Heads * spec.HeadWidth).Set(Numbers(sequences * spec.Heads * spec.HeadWidth));
            rounds.Add($"{format}", layers * bytes / 1e9, () =>
            {
                foreach (var (k, v) in caches)
                {
                    var mark = arena.Mark();
                    _ = Op.Attention(q, k, v, layout, spec);
                    arena.Recycle(mark);
                }
            });
        }
        rounds!.Print(1);
        foreach (var buffer in read) buffer.Dispose();
    }

    static void Prompt(Machine machine, CpuBackend cpu, string name, AttentionSpec spec, int queries, int keys)
    {
        using var arena = new Arena(cpu);
        var rounds = new Rounds($"{name}, {queries} queries, {keys} keys", "GFLOP/s", cpu.Threads).Add("multiply-adds in registers", Ceiling.Operations, () => Ceiling.MultiplyAdds(machine));
        var pairs = (long)queries * keys - (long)queries * (queries - 1) / 2;
        foreach (var format in Op.CacheFormats)
        {
            var (k, v) = (Cache(arena, format, keys, spec.KeyValueHeads * spec.HeadWidth), Cache(arena, format, keys, spec.KeyValueHeads * spec.HeadWidth));
            var q = arena.New(queries, spec.Heads * spec.HeadWidth).Set(Numbers(queries * spec.Heads * spec.HeadWidth));
            rounds.Add($"{format}", 4.0 * pairs * spec.Heads * spec.HeadWidth / 1e9, () =>
            {
                var mark = arena.Mark();
                _ = Op.Attention(q, k, v, new([0, queries], [keys], [[0]], keys), spec);
                arena.Recycle(mark);
            });
        }
        rounds.Print(1);
    }

    static Tensor Cache(Arena arena, DType format, int rows, int width)
    {
        var cache = arena.New(format, new(rows, width));
        var some = arena.New(format, new(1, width)).Set(Numbers(width));
        var row = new ReadOnlySpan<byte>((void*)some.Address, (int)some.Bytes);
        for (long at = 0; at < cache.Bytes; at += row.Length) row.CopyTo(new((byte*)cache.Address + at, row.Length));
        return cache;
    }

    static float[] Numbers(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
