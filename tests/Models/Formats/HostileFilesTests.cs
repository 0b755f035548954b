using System.Buffers.Binary;
using System.Text;
using Dayu.Models;
using Dayu.Tensors;
using static Dayu.Tests.Hostile;

namespace Dayu.Tests;

/// <summary>
/// Damaged and malicious files end in success or in one clear error, within bounds of memory, whatever is changed in
/// them.
/// </summary>
public sealed class HostileFilesTests
{
    public static TheoryData<string> RealFiles => [.. Fixtures.GoldenFiles("*.gguf"), .. Fixtures.GoldenFiles("model.safetensors")];

    [Fact]
    public void Gguf()
    {
        var file = SmallGguf();
        Holds(18, 1, genome => Survives(Mutated(file, genome, file.Length), OpenGguf));
    }

    [Fact]
    public void SafetensorsFiles()
    {
        var file = SmallSafetensors();
        Holds(11, 2, genome => Survives(Mutated(file, genome, file.Length), OpenSafetensors));
    }

    [Fact]
    public void SafetensorsHeaders() => Holds(10, 3, genome => Survives(HeaderOf(genome), OpenSafetensors));

    [Fact]
    public void Llama2cFiles()
    {
        var file = Llama2cTests.Tiny(true);
        Holds(5, 4, genome => Survives(Mutated(file, genome, 28), OpenLlama2c));
    }

    [Fact]
    public void AnyBytes() => Holds(3, 5, genome =>
    {
        var bytes = new byte[(genome[0] % 300) + 1];
        new Random(genome[1]).NextBytes(bytes);
        var start = (genome[2] % 4) switch { 0 => "GGUF\x03\0\0\0"u8, 1 => "\x40\0\0\0\0\0\0\0{"u8, 2 => "PK\x03\x04"u8, _ => [] };
        start[..Math.Min(start.Length, bytes.Length)].CopyTo(bytes);
        Survives(bytes, file => { using (file) FileKinds.Recognise(file); });
        Survives(bytes, OpenGguf);
        Survives(bytes, OpenSafetensors);
        Survives(bytes, OpenLlama2c);
        Survives(bytes, mapped => PyTorch.Open(mapped).Dispose());
    });

    [Theory, MemberData(nameof(RealFiles))]
    public void RealFilesDamaged(string name)
    {
        var file = File.ReadAllBytes(Path.Combine(Fixtures.Golden, name));
        var gguf = name.EndsWith(".gguf", StringComparison.Ordinal);
        Holds(0.1, 6, genome => Survives(Mutated(file, genome, 4096), gguf ? OpenGguf : OpenSafetensors));
    }

    static void OpenGguf(MappedFile mapped)
    {
        var within = Within(mapped);
        using var file = GgufFile.Open(mapped);
        ReadAll(file.Tensors, within);
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
        var within = Within(mapped);
        using var file = Safetensors.Open(mapped);
        ReadAll(file, within);
    }

    static void OpenLlama2c(MappedFile mapped)
    {
        var within = Within(mapped);
        using var file = Llama2c.Open(mapped);
        ReadAll(file.Tensors, within);
    }

    static Action<TensorEntry> Within(MappedFile mapped)
    {
        var (start, end) = (mapped.Address, mapped.Address + (nint)mapped.Length);
        return e => Assert.True(e.Address >= start && e.Address + (nint)e.Bytes <= end, $"{e.Name} lies outside the file");
    }

    static void Any(params ReadOnlySpan<Action> ways)
    {
        foreach (var way in ways)
            try { way(); return; }
            catch (InvalidDataException e) { Assert.Contains("hostile.bin", e.Message); }
    }

    /// <summary>A safetensors file whose header is well-formed JSON and may be wrong in everything else.</summary>
    static byte[] HeaderOf(int[] genome)
    {
        var Next = Numbers(genome);
        string[] names = ["a", "b", "__metadata__", "", "\\u0000", "大"], types = ["F32", "F16", "BF16", "I32", "I64", "BOOL", ""];
        string[] numbers =
        [
            "0", "1", "2", "3", "4", "8", "-1", "1.5", "1e3", "9223372036854775807", "9223372036854775808",
            "4611686018427387904", "null", "[]", "\"1\"",
        ];
        string Number() => numbers[Next(10) < 8 ? Next(6) : Next(numbers.Length)];
        var json = new StringBuilder("{");
        for (int i = 0, n = Next(4); i < n; i++)
            json.Append(i > 0 ? "," : "").Append('"').Append(names[Next(names.Length)]).Append("\":{\"dtype\":\"")
                .Append(types[Next(types.Length)]).Append("\",\"shape\":[")
                .AppendJoin(',', Enumerable.Range(0, Next(6)).Select(_ => Number())).Append("],\"data_offsets\":[")
                .Append(Number()).Append(',').Append(Number()).Append("]}");
        var header = Encoding.UTF8.GetBytes(json.Append('}').ToString());
        var file = new byte[8 + header.Length + Next(20)];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return file;
    }

    static byte[] SmallGguf()
    {
        using var scratch = new Decoded.Scratch();
        new GgufWriter().Add("general.architecture", "llama").Add("llama.block_count", 2).Add("general.alignment", 32)
            .Add("eps", 1e-5f).Add("flag", true)
            .Add("tokens", ["<s>", "a", "大", ""]).Add("types", [1, 2, 3]).Add("scores", [0.5f, -1]).Add("flags", [true, false])
            .Add(TensorSource.Of("token_embd.weight", DType.F32, new Shape(4, 32), new float[128]))
            .Add(TensorSource.Of("blk.0.q.weight", DType.Named("q8_0"), new Shape(3, 64), new float[192]))
            .Add(TensorSource.Of("blk.0.k.weight", DType.Named("q4_0"), new Shape(2, 2, 32), new float[128]))
            .Add(TensorSource.Of("norm", DType.BF16, new Shape(7), new float[7])).Save(scratch.Path);
        return File.ReadAllBytes(scratch.Path);
    }

    static byte[] SmallSafetensors()
    {
        using var scratch = new Decoded.Scratch();
        Safetensors.Write(scratch.Path,
            [
                TensorSource.Of("a.weight", DType.F32, new Shape(3, 5), new float[15]),
                TensorSource.Of("b", DType.BF16, new Shape(7), new float[7]),
                TensorSource.Of("c", DType.F16, new Shape(1, 2, 3), new float[6]),
            ],
            new Dictionary<string, string> { ["format"] = "pt" });
        return File.ReadAllBytes(scratch.Path);
    }
}
