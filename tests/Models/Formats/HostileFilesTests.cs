using System.Buffers.Binary;
using System.Text;
using Dayu.Models;
using Dayu.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace Dayu.Tests;

/// <summary>Damaged and malicious files end in success or in one clear error, within bounds of memory, whatever is changed in them. A case is a list of numbers that says what to change, so every case can be repeated.</summary>
public sealed class HostileFilesTests
{
    static readonly ulong[] nasty = [0, 1, 2, 3, 4, 7, 8, 9, 12, 13, 255, 65536, 1UL << 31, (1UL << 32) - 1, 1UL << 32, 1UL << 40, 1UL << 62, (1UL << 62) + 1, 1UL << 63, ulong.MaxValue - 7, ulong.MaxValue];

    static readonly Gen<int[]> genomes = Gen.Choose(0, int.MaxValue - 1).ArrayOf(16);

    public static TheoryData<string> RealFiles => [.. Fixtures.GoldenFiles("*.gguf"), .. Fixtures.GoldenFiles("model.safetensors")];

    static void Holds(int cases, ulong seed, Action<int[]> property) =>
        Prop.ForAll(genomes.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(seed, 1).WithQuietOnSuccess(true));

    [Fact]
    public void Gguf()
    {
        var file = SmallGguf();
        Holds(10_000, 1, genome => Survives(Mutated(file, genome, file.Length), OpenGguf));
    }

    [Fact]
    public void SafetensorsFiles()
    {
        var file = SmallSafetensors();
        Holds(6_000, 2, genome => Survives(Mutated(file, genome, file.Length), OpenSafetensors));
    }

    [Fact]
    public void SafetensorsHeaders() => Holds(4_000, 3, genome => Survives(HeaderOf(genome), OpenSafetensors));

    [Fact]
    public void Llama2cFiles()
    {
        var file = Llama2cTests.Tiny(true);
        Holds(3_000, 4, genome => Survives(Mutated(file, genome, 28), OpenLlama2c));
    }

    [Fact]
    public void AnyBytes() => Holds(2_000, 5, genome =>
    {
        var bytes = new byte[(genome[0] % 300) + 1];
        new Random(genome[1]).NextBytes(bytes);
        var start = (genome[2] % 3) switch { 0 => "GGUF\x03\0\0\0"u8, 1 => "\x40\0\0\0\0\0\0\0{"u8, _ => [] };
        start[..Math.Min(start.Length, bytes.Length)].CopyTo(bytes);
        Survives(bytes, file => { using (file) FileKinds.Recognise(file); });
        Survives(bytes, OpenGguf);
        Survives(bytes, OpenSafetensors);
        Survives(bytes, OpenLlama2c);
    });

    [Theory, MemberData(nameof(RealFiles))]
    public void RealFilesDamaged(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(Fixtures.Golden, name));
        var gguf = name.EndsWith(".gguf", StringComparison.Ordinal);
        Holds(40, 6, genome => Survives(Mutated(file, genome, 4096), gguf ? OpenGguf : OpenSafetensors));
    }

    /// <summary>Opens, reads everything on success; the error must name the file; memory is bounded by the size of the file.</summary>
    static void Survives(byte[] bytes, Action<MappedFile> open)
    {
        if (bytes.Length == 0) return;
        using var file = new MappedFile("hostile.bin", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try { open(file); }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException)
        {
            Assert.Contains("hostile.bin", e.Message);
            Assert.True(e.Message.Length < 1000, e.Message);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L * bytes.Length) + (1 << 20));
    }

    static void OpenGguf(MappedFile mapped)
    {
        var end = mapped.Address + (nint)mapped.Length;
        using var file = GgufFile.Open(mapped);
        ReadAll(file.Tensors, mapped.Address, end);
        var m = file.Metadata;
        foreach (var key in m.Keys)
            try
            {
                Assert.True(m.Raw(key).Length <= mapped.Length);
                switch (m.TypeOf(key))
                {
                    case GgufType.Text: m.Text(key); break;
                    case GgufType.Bool: m.Bool(key); break;
                    case GgufType.F32 or GgufType.F64: m.Float(key); break;
                    case GgufType.Array: Any(() => m.Texts(key), () => m.Ints(key), () => m.Floats(key)); break;
                    default: m.Int(key); break;
                }
            }
            catch (InvalidDataException e) { Assert.Contains("hostile.bin", e.Message); }
    }

    static void OpenSafetensors(MappedFile mapped)
    {
        var (start, end) = (mapped.Address, mapped.Address + (nint)mapped.Length);
        using var file = Safetensors.Open(mapped);
        ReadAll(file, start, end);
    }

    static void OpenLlama2c(MappedFile mapped)
    {
        var (start, end) = (mapped.Address, mapped.Address + (nint)mapped.Length);
        using var file = Llama2c.Open(mapped);
        ReadAll(file.Tensors, start, end);
    }

    static void Any(params ReadOnlySpan<Action> ways)
    {
        foreach (var way in ways)
            try { way(); return; }
            catch (InvalidDataException e) { Assert.Contains("hostile.bin", e.Message); }
    }

    static void ReadAll(TensorFile file, nint start, nint end)
    {
        var row = new float[256];
        foreach (var e in file.Entries.Values)
        {
            Assert.True(e.Address >= start && e.Address + (nint)e.Bytes <= end, $"{e.Name} lies outside the file");
            var data = e.Data();
            var sum = 0;
            foreach (var b in data) sum += b;
            if (data.Length > 0) e.DType.Decode(data[..e.DType.BlockBytes], row.AsSpan(0, e.DType.BlockValues));
        }
    }

    /// <summary>One to four changes: a byte, a nasty number, a cut, more bytes, a piece copied elsewhere, a piece removed.</summary>
    static byte[] Mutated(byte[] file, int[] genome, int head)
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
                case 2: for (var n = 0; n < value % 16 && at + n < bytes.Count; n++) bytes[at + n] = bytes[(value + n) % bytes.Count]; break;
                case 3: bytes.RemoveRange(at, Math.Min(value % 16, bytes.Count - at)); break;
                case 4 or 5: bytes[at] = (byte)value; break;
                case 6: bytes[at] ^= (byte)(1 << (value % 8)); break;
                case 7 or 8: for (var n = 0; n < 4; n++) bytes[at + n] = number[n]; break;
                default: for (var n = 0; n < 8; n++) bytes[at + n] = number[n]; break;
            }
        }
        return [.. bytes];
    }

    /// <summary>A safetensors file whose header is well-formed JSON and may be wrong in everything else.</summary>
    static byte[] HeaderOf(int[] genome)
    {
        var g = 0;
        int Next(int n) => genome[g++ % genome.Length] / (1 + (g / genome.Length)) % n;
        string[] names = ["a", "b", "__metadata__", "", "\\u0000", "大"], types = ["F32", "F16", "BF16", "I32", "I64", "BOOL", ""];
        string[] numbers = ["0", "1", "2", "3", "4", "8", "-1", "1.5", "1e3", "9223372036854775807", "9223372036854775808", "4611686018427387904", "null", "[]", "\"1\""];
        string Number() => numbers[Next(10) < 8 ? Next(6) : Next(numbers.Length)];
        var json = new StringBuilder("{");
        for (int i = 0, n = Next(4); i < n; i++)
            json.Append(i > 0 ? "," : "").Append('"').Append(names[Next(names.Length)]).Append("\":{\"dtype\":\"").Append(types[Next(types.Length)]).Append("\",\"shape\":[")
                .AppendJoin(',', Enumerable.Range(0, Next(6)).Select(_ => Number())).Append("],\"data_offsets\":[").Append(Number()).Append(',').Append(Number()).Append("]}");
        var header = Encoding.UTF8.GetBytes(json.Append('}').ToString());
        var file = new byte[8 + header.Length + Next(20)];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return file;
    }

    static byte[] SmallGguf()
    {
        using var scratch = new Decoded.Scratch();
        new GgufWriter().Add("general.architecture", "llama").Add("llama.block_count", 2).Add("general.alignment", 32).Add("eps", 1e-5f).Add("flag", true)
            .Add("tokens", ["<s>", "a", "大", ""]).Add("types", [1, 2, 3]).Add("scores", [0.5f, -1]).Add("flags", [true, false])
            .Add(TensorSource.Of("token_embd.weight", DType.F32, new Shape(4, 32), new float[128])).Add(TensorSource.Of("blk.0.q.weight", DType.Named("q8_0"), new Shape(3, 64), new float[192]))
            .Add(TensorSource.Of("blk.0.k.weight", DType.Named("q4_0"), new Shape(2, 2, 32), new float[128])).Add(TensorSource.Of("norm", DType.BF16, new Shape(7), new float[7])).Save(scratch.Path);
        return File.ReadAllBytes(scratch.Path);
    }

    static byte[] SmallSafetensors()
    {
        using var scratch = new Decoded.Scratch();
        Safetensors.Write(scratch.Path,
            [TensorSource.Of("a.weight", DType.F32, new Shape(3, 5), new float[15]), TensorSource.Of("b", DType.BF16, new Shape(7), new float[7]), TensorSource.Of("c", DType.F16, new Shape(1, 2, 3), new float[6])],
            new Dictionary<string, string> { ["format"] = "pt" });
        return File.ReadAllBytes(scratch.Path);
    }
}
