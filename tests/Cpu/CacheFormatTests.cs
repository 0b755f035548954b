using Dayu.Cpu;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Keys and values in other number formats than float32: written and read as the reference does, the same bits however
/// the work is cut, errors instead of wrong numbers.
/// </summary>
public sealed class CacheFormatTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var backend in Backends.Names.Where(n => n != "reference"))
            foreach (var format in Op.CacheFormats) cases.Add(format.Name, backend);
        return cases;
    }

    /// <summary>Head width, query heads, key heads; widths of heads that are no whole blocks or vectors too.</summary>
    static readonly (int Width, int Heads, int KeyHeads)[] shapes = [(32, 4, 4), (64, 9, 3), (80, 4, 2), (128, 7, 1), (24, 12, 4)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void AttentionIsWhatTheReferenceComputes(string format, string backend)
    {
        using var on = Backends.Make(backend);
        var slow = new ReferenceBackend();
        foreach (var (width, heads, keyHeads) in shapes)
            foreach (var keys in new[] { 1, 31, 33, 127, 513 })
                foreach (var (queries, window) in new (int, int?)[] { (1, null), (Math.Min(keys, 19), 40) })
                {
                    var spec = new AttentionSpec(heads, keyHeads, width, Window: window);
                    var expected = Run(slow, DType.Named(format), spec, queries, keys);
                    var found = Run(on.Backend, DType.Named(format), spec, queries, keys);
                    for (var i = 0; i < expected.Length; i++)
                        Assert.True(MathF.Abs(expected[i] - found[i]) < 1e-5f, $"{queries} queries, {keys} keys, "
                            + $"{spec}: [{i}] is {found[i]}, expected {expected[i]}");
                }
    }

    /// <summary>
    /// Two sequences in shuffled blocks of 8; rows that belong to nobody are NaN. What is scattered must be what the
    /// reference scatters, and nothing beside it.
    /// </summary>
    static float[] Run(Backend on, DType format, AttentionSpec spec, int queries, int keys)
    {
        using var arena = new Arena(on);
        var width = spec.KeyValueHeads * spec.HeadWidth;
        int[] counts = [keys, 3], starts = [0, queries, queries + 1];
        var (layout, _) = CpuRuns.Shuffled(keys, starts, counts, 8, 1, new float[keys + 3]);
        var rows = arena.Ints([.. Enumerable.Range(0, 2).SelectMany(s => Enumerable.Range(0, counts[s]).Select(j => layout.Row(s, j)))]);
        Tensor Cache(int seed)
        {
            var cache = arena.New(format, new((counts.Sum(n => (n + 7) / 8)) * 8, width));
            on.Upload([.. Enumerable.Repeat((byte)0xff, (int)cache.Bytes)], cache.Address);
            Op.Scatter(cache, arena.Random(seed, keys + 3, width), rows);
            return cache;
        }
        return Op.Attention(arena.Random(1, queries + 1, spec.Heads * spec.HeadWidth), Cache(2), Cache(3), layout, spec).ToArray();
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void WritingRoundsAsTheFormatDoes(string name, string backend)
    {
        using var on = Backends.Make(backend);
        using var arena = new Arena(on.Backend);
        var format = DType.Named(name);
        var random = new Random(5);
        foreach (var width in format.IsQuantised ? [32, 96] : new[] { 1, 16, 33, 96 })
        {
            var x = new float[40 * width];
            // some too small for a normal half, ties
            for (var i = 0; i < x.Length; i++) x[i] = MathF.ScaleB(random.NextSingle() * 2 - 1, random.Next(-30, 16));
            for (var i = 0; i < x.Length; i += 3) x[i] = MathF.Round(x[i] * 4096) / 4096;
            Array.Clear(x, 0, width);
            var table = arena.New(format, new(50, width));
            on.Backend.Upload([.. Enumerable.Repeat((byte)0x3c, (int)table.Bytes)], table.Address);
            Op.Scatter(table, arena.New(40, width).Set(x), arena.Ints([.. Enumerable.Range(0, 40).Select(i => 48 - i)]));
            var (bytes, row, expected) = (new byte[table.Bytes], (int)format.BytesFor(width), new byte[format.BytesFor(width)]);
            on.Backend.Download(table.Address, bytes);
            for (var t = 0; t < 50; t++)
            {
                if (t is < 9 or > 48) expected.AsSpan().Fill(0x3c);
                else format.Encode(x.AsSpan((48 - t) * width, width), expected);
                Assert.Equal(expected, bytes[(t * row)..((t + 1) * row)]);
            }
        }
    }

    /// <summary>Prompts at once, in pieces, token by token; blocks of any size; any threads.</summary>
    [Theory]
    [InlineData("f16", 9, 3, 64)]
    [InlineData("q8_0", 9, 3, 64)]
    [InlineData("f16", 14, 2, 64)]
    [InlineData("f16", 6, 2, 20)]
    [InlineData("q8_0", 2, 2, 80)]
    [InlineData("f32", 32, 4, 128)]
    [InlineData("f32", 14, 2, 64)]
    [InlineData("f32", 9, 3, 20)]
    [InlineData("f16", 8, 1, 80)]
    [InlineData("f16", 20, 2, 32)]
    [InlineData("q8_0", 14, 2, 64)]
    [InlineData("q8_0", 12, 4, 24)]
    public void SameBits(string format, int heads, int keyHeads, int width)
    {
        const int T = 700;
        var spec = new AttentionSpec(heads, keyHeads, width);
        var q = CpuRuns.Numbers(1, T * heads * width);
        var k = CpuRuns.Numbers(2, T * keyHeads * width);
        var v = CpuRuns.Numbers(3, T * keyHeads * width);
        float[]? whole = null;
        foreach (var (threads, blockSize) in new[] { (2, T), (1, 32), (3, 5), (2, 64) })
        {
            using var on = new CpuBackend(threads);
            using var arena = new Arena(on);
            foreach (var (start, end) in new[] { (0, T), (0, 1), (63, 65), (120, 136), (250, 258), (300, T), (T - 1, T) })
            {
                var (layout, keys) = CpuRuns.Shuffled(blockSize, [0, end - start], [end], blockSize, keyHeads * width, k);
                var (_, values) = CpuRuns.Shuffled(blockSize, [0, end - start], [end], blockSize, keyHeads * width, v);
                Tensor Cache(float[] rows) =>
                    arena.New(DType.Named(format), new(rows.Length / (keyHeads * width), keyHeads * width))
                        .Set([.. rows.Select(x => float.IsNaN(x) ? 1e4f : x)]);
                var queries = arena.New(end - start, heads * width);
                queries.Set(q.AsSpan(start * heads * width, (end - start) * heads * width));
                var found = Op.Attention(queries, Cache(keys), Cache(values), layout, spec).ToArray();
                whole ??= found;
                Assert.Equal(whole.AsSpan(start * heads * width, found.Length).ToArray(), found);
            }
        }
    }

    /// <summary>Sequences decoded together, some with more to read than others.</summary>
    [Theory]
    [InlineData("f32"), InlineData("f16"), InlineData("q8_0")]
    public void SameBitsAloneAndTogether(string format)
    {
        var (spec, width, lengths) = (new AttentionSpec(14, 2, 64), 128, (int[])[1, 700, 33, 128, 129, 500, 64, 257]);
        var total = lengths.Sum();
        var q = CpuRuns.Numbers(1, lengths.Length * 2 * 896);
        var k = CpuRuns.Numbers(2, total * width);
        var v = CpuRuns.Numbers(3, total * width);
        foreach (var threads in new[] { 1, 3 })
        {
            using var on = new CpuBackend(threads);
            using var arena = new Arena(on);
            Tensor Cache(float[] values) => arena.New(DType.Named(format), new(total, width)).Set(values);
            var (keys, values) = (Cache(k), Cache(v));
            int[] starts = [0], firsts = [];
            foreach (var n in lengths)
                (starts, firsts) = ([.. starts, starts[^1] + Math.Min(n, 2)],
                    [.. firsts, firsts.Length == 0 ? 0 : firsts[^1] + lengths[firsts.Length - 1]]);
            Tensor Queries(int from, int to) => arena.New(to - from, 896).Set(q.AsSpan(from * 896, (to - from) * 896));
            float[] Attend(int from, int to, SequenceLayout layout) =>
                Op.Attention(Queries(from, to), keys, values, layout, spec).ToArray();
            var together = Attend(0, starts[^1], new(starts, lengths, [.. firsts.Select(f => new[] { f })], total));
            for (var s = 0; s < lengths.Length; s++)
                for (var t = starts[s]; t < starts[s + 1]; t++)
                {
                    var alone = Attend(t, t + 1, new([0, 1], [lengths[s] - (starts[s + 1] - 1 - t)], [[firsts[s]]], total));
                    Assert.Equal(together.AsSpan(t * 896, 896).ToArray(), alone);
                }
        }
    }

    [Theory]
    [InlineData("f16", 70000f)]
    [InlineData("f16", float.NaN)]
    [InlineData("q8_0", float.PositiveInfinity)]
    [InlineData("q8_0", float.NaN)]
    [InlineData("q8_0", 1e30f)]
    public void WhatAFormatCannotSayIsAnError(string format, float value)
    {
        foreach (var on in new Backend[] { new ReferenceBackend(), new CpuBackend(1) })
        {
            using var arena = new Arena(on);
            var x = arena.Random(1, 1, 64);
            var numbers = x.ToArray();
            numbers[37] = value;
            var table = arena.New(DType.Named(format), new(2, 64));
            Throws.Saying<FormatRangeException>(format, () => Op.Scatter(table, x.Set(numbers), arena.Ints([1])));
            (on as IDisposable)?.Dispose();
        }
    }

    [Fact]
    public void OtherFormatsAndGradientsAreRefused()
    {
        using var cpu = new CpuBackend(1);
        using var arena = new Arena(cpu);
        var (q, layout, spec) = (arena.Random(1, 1, 32), SequenceLayout.Packed(0, 1), new AttentionSpec(1, 1, 32));
        Tensor In(string format) => arena.New(DType.Named(format), new(1, 32)).Set(CpuRuns.Numbers(2, 32));
        Throws.Saying<ShapeException>("f32, f16, q8_0", () => Op.Attention(q, In("bf16"), In("bf16"), layout, spec));
        Throws.Saying<ShapeException>("expected f16", () => Op.Attention(q, In("f16"), In("f32"), layout, spec));
        var k = In("f16");
        k.NeedsGrad = true;
        Throws.Saying<ShapeException>("gradient", () => Op.Attention(q, k, In("f16"), layout, spec));
    }

    /// <summary>32,768 keys: what attention takes beside them grows with the keys, not with their square.</summary>
    [Fact]
    public void LongContextsTakeLittleMemory()
    {
        using var cpu = new CpuBackend(2);
        using Arena caches = new(cpu), pass = new(cpu);
        const int Keys = 32768;
        var spec = new AttentionSpec(9, 3, 64);
        Tensor Cache() => caches.New(DType.F16, new(Keys, 192));
        var (k, v) = (Cache(), Cache());
        _ = Op.Attention(pass.Random(1, 1, 576), k, v, new([0, 1], [Keys], [[0]], Keys), spec);
        _ = Op.Attention(pass.Random(1, 64, 576), k, v, new([0, 64], [Keys], [[0]], Keys), spec with { Window = 4096 });
        Assert.InRange(pass.Bytes, 1, 4 << 20);
    }
}
