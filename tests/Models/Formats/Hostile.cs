using System.Buffers.Binary;
using System.Diagnostics;
using Dayu.Models;
using FsCheck;
using FsCheck.Fluent;

namespace Dayu.Tests;

/// <summary>
/// What tests of damaged and malicious files share. A case is a list of numbers that says what to change, so every case
/// can be repeated. The tests of models' files have 5,000 cases together, 100,000 with DAYU_LONG=1, or as many as
/// DAYU_HOSTILE_CASES says; those of tokenizers and templates grow with it.
/// </summary>
public static class Hostile
{
    static readonly ulong[] nasty =
    [
        0, 1, 2, 3, 4, 7, 8, 9, 12, 13, 255, 65536,
        1UL << 31, (1UL << 32) - 1, 1UL << 32, 1UL << 40, 1UL << 62, (1UL << 62) + 1, 1UL << 63,
        ulong.MaxValue - 7, ulong.MaxValue,
    ];

    static readonly Gen<int[]> genomes = Gen.Choose(0, int.MaxValue - 1).ArrayOf(16);

    /// <summary>Cases in all.</summary>
    static int All =>
        int.TryParse(Environment.GetEnvironmentVariable("DAYU_HOSTILE_CASES"), out var n) && n > 0 ? n : Sizes.Of(5000, 100_000);

    /// <summary>
    /// A usual number of cases, more where more are asked for in all: for tests with loops of their own.
    /// </summary>
    public static int Times(int usual) => (int)Math.Max(usual, (long)usual * All / 5000);

    /// <summary>Runs so many hundredths of all cases.</summary>
    public static void Holds(double share, ulong seed, Action<int[]> property)
    {
        var cases = Math.Max(1, (int)Math.Ceiling(All * share / 100));
        var settings = Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(seed, 1).WithQuietOnSuccess(true);
        Prop.ForAll(genomes.ToArbitrary(), property).Check(settings);
    }

    /// <summary>
    /// Does something with a file; an error must be one of those that say what is wrong, and name the file; memory is
    /// bounded by the size of what is read, and so is time.
    /// </summary>
    public static void Survives(string name, long size, Action act)
    {
        var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        try { act(); }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or FileNotFoundException)
        {
            Assert.Contains(name, e.Message);
            Assert.True(e.Message.Length < 1000, e.Message);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L * size) + (1 << 20));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20), "a case takes more than 20 s, which is no slow machine");
    }

    /// <summary>The same for a file in memory.</summary>
    public static void Survives(byte[] bytes, Action<MappedFile> open)
    {
        if (bytes.Length == 0) return;
        using var file = new MappedFile("hostile.bin", bytes);
        Survives("hostile.bin", bytes.Length, () => open(file));
    }

    /// <summary>Reads every tensor.</summary>
    public static void ReadAll(TensorFile file, Action<TensorEntry>? check = null)
    {
        var row = new float[256];
        foreach (var e in file.Entries.Values)
        {
            check?.Invoke(e);
            var data = e.Data();
            var sum = 0;
            foreach (var b in data) sum += b;
            if (data.Length > 0) e.DType.Decode(data[..e.DType.BlockBytes], row.AsSpan(0, e.DType.BlockValues));
        }
    }

    /// <summary>
    /// One to four changes: a byte, a nasty number, a cut, more bytes, a piece copied elsewhere, a piece removed.
    /// </summary>
    public static byte[] Mutated(byte[] file, int[] genome, int head)
    {
        var bytes = file.ToList();
        Span<byte> number = stackalloc byte[8];
        for (var i = 0; i < 1 + (genome[0] % 4); i++)
        {
            var (kind, where, value) = (genome[(3 * i) + 1] % 12, genome[(3 * i) + 2], genome[(3 * i) + 3]);
            if (bytes.Count < 16) break;
            var at = where % Math.Min(bytes.Count - 8, head);
            BinaryPrimitives.WriteUInt64LittleEndian(number, nasty[value % nasty.Length]);
            switch (kind)
            {
                case 0: bytes.RemoveRange(value % bytes.Count, bytes.Count - (value % bytes.Count)); break;
                case 1: bytes.AddRange(new byte[value % 100]); break;
                case 2: Repeat(bytes, at, value); break;
                case 3: bytes.RemoveRange(at, Math.Min(value % 16, bytes.Count - at)); break;
                case 4 or 5: bytes[at] = (byte)value; break;
                case 6: bytes[at] ^= (byte)(1 << (value % 8)); break;
                case 7 or 8: for (var n = 0; n < 4; n++) bytes[at + n] = number[n]; break;
                default: for (var n = 0; n < 8; n++) bytes[at + n] = number[n]; break;
            }
        }
        return [.. bytes];
    }

    static void Repeat(List<byte> bytes, int at, int value)
    {
        for (var n = 0; n < value % 16 && at + n < bytes.Count; n++) bytes[at + n] = bytes[(value + n) % bytes.Count];
    }

    /// <summary>A JSON text with one to three of its numbers, strings or marks replaced by others.</summary>
    public static byte[] MutatedJson(byte[] json, int[] genome)
    {
        string[] others =
        [
            "0", "-1", "1", "3", "1e9", "2147483647", "2147483648", "-2147483648", "9223372036854775808", "0.5",
            "1e400", "null", "true", "[]", "{}", "\"\"", "\"a\"", "\"../x\"", "[[[[1]]]]", ",", ":", "}",
            "\"\\ud800\"", "NaN", "Infinity", "-Infinity", "3.0", "\"linear\"", "{\"type\":\"yarn\",\"factor\":3}",
        ];
        var text = System.Text.Encoding.UTF8.GetString(json);
        for (var i = 0; i < 1 + (genome[0] % 3); i++)
        {
            var places = System.Text.RegularExpressions.Regex.Matches(text, "\"[^\"]*\"|-?[0-9.]+|true|false|null|[][{},:]");
            if (places.Count == 0) break;
            var place = places[genome[(2 * i) + 1] % places.Count];
            text = text[..place.Index] + others[genome[(2 * i) + 2] % others.Length] + text[(place.Index + place.Length)..];
        }
        return System.Text.Encoding.UTF8.GetBytes(text);
    }

    /// <summary>A number from a genome, endlessly.</summary>
    public static Func<int, int> Numbers(int[] genome)
    {
        var g = 0;
        return n => genome[g++ % genome.Length] / (1 + (g / genome.Length)) % n;
    }
}
