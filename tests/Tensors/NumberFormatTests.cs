using System.Runtime.InteropServices;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Number formats: sizes, every 16-bit pattern, rounding, and quantisation no worse than ggml's.</summary>
public sealed class NumberFormatTests
{
    public static TheoryData<string> Quantised => [.. DType.Known.Where(d => d.IsQuantised).Select(d => d.Name)];
    public static TheoryData<string> Written => [.. DType.Known.Where(d => d.IsQuantised && d.CanEncode).Select(d => d.Name)];

    [Fact]
    public void BlocksAreAsLargeAsInFiles()
    {
        (string, int, int)[] expected =
        [
            ("f32", 1, 4), ("f16", 1, 2), ("bf16", 1, 2), ("i32", 1, 4),
            ("q8_0", 32, 34), ("q4_0", 32, 18), ("q4_1", 32, 20), ("q5_0", 32, 22), ("q5_1", 32, 24),
            ("q2_k", 256, 84), ("q3_k", 256, 110), ("q4_k", 256, 144), ("q5_k", 256, 176), ("q6_k", 256, 210),
            ("iq2_xxs", 256, 66), ("iq4_nl", 32, 18), ("mxfp4", 32, 17),
        ];
        foreach (var (name, values, bytes) in expected)
            Assert.Equal((values, bytes), (DType.Named(name).BlockValues, DType.Named(name).BlockBytes));
        Assert.Contains("q8_0", Assert.Throws<NotSupportedException>(() => DType.Named("q9")).Message);
        Assert.Contains("33", Assert.Throws<ShapeException>(() => DType.Named("q8_0").BytesFor(33)).Message);
        Assert.Throws<ShapeException>(() => DType.F16.Decode(new byte[3], new float[1]));
    }

    [Fact]
    public void EveryHalfDecodesAndComesBack()
    {
        ushort[] all = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        var (values, back) = (new float[all.Length], new ushort[all.Length]);
        (DType, Func<ushort, float>)[] halves =
        [
            (DType.F16, u => (float)BitConverter.UInt16BitsToHalf(u)),
            (DType.BF16, u => BitConverter.UInt32BitsToSingle((uint)u << 16)),
        ];
        foreach (var (format, decode) in halves)
        {
            format.Decode(MemoryMarshal.AsBytes(all.AsSpan()), values);
            format.Encode(values, MemoryMarshal.AsBytes(back.AsSpan()));
            for (var i = 0; i < all.Length; i++)
            {
                Assert.Equal(decode(all[i]), values[i]);                         // NaN equals NaN here
                if (!float.IsNaN(values[i])) Assert.Equal(all[i], back[i]);
            }
            format.Decode(MemoryMarshal.AsBytes(back.AsSpan()), values);
            for (var i = 0; i < all.Length; i++) Assert.Equal(float.IsNaN(decode(all[i])), float.IsNaN(values[i]));
        }
    }

    [Fact]
    public void SinglesRoundToTheNearestTiesToEven()
    {
        var (random, one, bits) = (new Random(1), new float[1], new ushort[1]);
        for (var n = 0; n < 200_000; n++)
        {
            // about half-way
            var u = n < 100_000 ? (uint)random.NextInt64(1L << 32) : (uint)random.Next(65536) << 16 | (uint)(0x8000 + random.Next(-1, 2));
            one[0] = BitConverter.UInt32BitsToSingle(u);
            DType.F16.Encode(one, MemoryMarshal.AsBytes(bits.AsSpan()));
            if (!float.IsNaN(one[0])) Assert.Equal(BitConverter.HalfToUInt16Bits((Half)one[0]), bits[0]);
            DType.BF16.Encode(one, MemoryMarshal.AsBytes(bits.AsSpan()));
            if (float.IsNaN(one[0])) Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle((uint)bits[0] << 16)));
            else
            {
                var (down, rest) = (u >> 16, u & 0xffff);
                Assert.Equal((ushort)(rest > 0x8000 || rest == 0x8000 && (down & 1) == 1 ? down + 1 : down), bits[0]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Quantised))]
    public void BlocksAreReadBitForBit(string format)
    {
        using var rows = Safetensors.Open(Fixtures.GoldenOrSkip("gguf", "formats.safetensors"));
        using var model = GgufFile.Open(Fixtures.GoldenOrSkip("gguf", $"llama.{format.ToUpperInvariant()}.gguf"));
        if (!rows.Has($"row.{format.ToUpperInvariant()}")) Assert.Skip($"formats.safetensors has no rows of {format}");
        var expected = rows[$"row.{format.ToUpperInvariant()}"].Values();
        Assert.Equal(expected, model.Tensors["blk.0.ffn_down.weight"].Values()[..expected.Length]);
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void QuantisingIsNoWorseThanGgmls(string format)
    {
        using var file = Safetensors.Open(Fixtures.GoldenOrSkip("gguf", "formats.safetensors"));
        if (!file.Has($"row.{format.ToUpperInvariant()}")) Assert.Skip($"formats.safetensors has no rows of {format}");
        var (exact, ggml) = (file["row.F32"].Values(), file[$"row.{format.ToUpperInvariant()}"].Values());
        var (ours, theirs) = (Rms(exact, RoundTrip(DType.Named(format), exact)), Rms(exact, ggml));
        TestContext.Current.TestOutputHelper?.WriteLine($"{format}: root mean square error {ours:e4}, "
            + $"ggml {theirs:e4} ({ours / theirs:p2})");
        Assert.True(ours <= theirs, $"{format}: root mean square error {ours:e4}, ggml's is {theirs:e4}");
    }

    [Theory]
    [MemberData(nameof(Written))]
    public void WhatWasQuantisedStays(string format)
    {
        var d = DType.Named(format);
        float[] x = [.. Enumerable.Range(0, 5 * 256).Select(i => (float)Math.Sin(i * 1.7) * (i / 32))];
        var once = RoundTrip(d, x);
        var moved = Rms(once, RoundTrip(d, once)) / Rms(once, new float[once.Length]);
        Assert.True(moved <= (d.BlockValues == 32 ? 1e-3 : 0.05), $"{format}: values moved by {moved:e2}");
        Assert.All(RoundTrip(d, new float[512]), v => Assert.Equal(0, v));
        foreach (var odd in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e30f])
            Assert.Contains(RoundTrip(d, [odd, .. new float[d.BlockValues - 1]]), v => !(Math.Abs(v) < 1e29));    // shows; never silently 0
    }

    [Fact]
    public void AFormatThatIsOnlyReadSaysSo()
    {
        var error = Assert.Throws<NotSupportedException>(() => DType.Named("iq2_xxs").Encode(new float[256], new byte[66]));
        Assert.StartsWith("iq2_xxs is read but not written; formats that are: f32, f16", error.Message);
    }

    static float[] RoundTrip(DType d, float[] x)
    {
        var (bytes, back) = (new byte[d.BytesFor(x.Length)], new float[x.Length]);
        d.Encode(x, bytes);
        d.Decode(bytes, back);
        return back;
    }

    static double Rms(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => Math.Pow((double)x - y, 2)).Average());
}
