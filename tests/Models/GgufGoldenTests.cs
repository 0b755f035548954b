using System.Runtime.InteropServices;
using System.Text.Json;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// GGUF files against Transformers' logits: the golden folders as float32 GGUF, and one Llama in every number format.
/// </summary>
public sealed class GgufGoldenTests
{
    public static TheoryData<string, string> Files()
    {
        var cases = new TheoryData<string, string>();
        foreach (var file in Fixtures.GoldenFiles("*.gguf"))
            foreach (var backend in Backends.Names) cases.Add(file, backend);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void LogitsAreTheExactOnes(string file, string backend)
    {
        var path = Fixtures.GoldenOrSkip(file);
        var name = Path.GetFileNameWithoutExtension(path).Split('.')[0];
        var format = Path.GetFileNameWithoutExtension(path).Split('.').ElementAtOrDefault(1);
        using var on = Backends.Make(backend);
        var (ids, exact, peer) = Expected(path, name, format);
        float[] found;
        try { found = Logits(path, on.Backend, ids); }
        catch (NotSupportedException e) { Assert.Skip($"{file}: {e.Message[(e.Message.LastIndexOf('/') + 1)..]}"); return; }

        if (peer is null || Backends.IsExact(backend))
            Assert.True(Worst(exact, found) <= 1e-4 * exact.Max(Math.Abs), $"{file}: "
                + $"off by {Worst(exact, found):E2} of {exact.Max(Math.Abs)}");
        else
            Assert.True(Rms(exact, found) <= 1.05 * Rms(exact, peer), $"{file}: "
                + $"root mean square {Rms(exact, found):E3} from the exact logits, llama.cpp's is {Rms(exact, peer):E3}");
    }

    static (int[] Ids, float[] Exact, float[]? Peer) Expected(string path, string name, string? format)
    {
        if (format is null)
        {
            var inputs = JsonDocument.Parse(File.ReadAllBytes(Fixtures.GoldenOrSkip(name, "inputs.json"))).RootElement;
            var ids = inputs.GetProperty("input_ids").Deserialize<int[][]>()![0];
            using var outputs = Safetensors.Open(Fixtures.GoldenOrSkip(name, "outputs.safetensors"));
            var logits = outputs["logits"];
            return (ids, logits.Values()[..(int)(ids.Length * logits.Shape[^1])], null);
        }
        using var formats = Safetensors.Open(Path.Combine(Path.GetDirectoryName(path)!, "formats.safetensors"));
        if (!formats.Has($"logits.{format}")) Assert.Skip($"formats.safetensors has no logits of {format}");
        return (LongInts(formats.Name, "input_ids"), formats[$"logits.{format}"].Values(), formats[$"llama_cpp.{format}"].Values());
    }

    static float[] Logits(string path, Backend on, int[] ids)
    {
        using var checkpoint = Checkpoint.Open(path);
        using var model = LoadedModel.Load(checkpoint, on);
        using var arena = new Arena(on);
        return model.As<ICausalLm>().Forward(new(arena, ids) { SelectedRows = Pass.Every(ids.Length) }).ToArray();
    }

    /// <summary>A tensor of 64-bit integers, which models have none of.</summary>
    static int[] LongInts(string path, string name)
    {
        var bytes = File.ReadAllBytes(path);
        var data = 8 + (int)BitConverter.ToInt64(bytes);
        var place = JsonDocument.Parse(bytes.AsMemory(8, data - 8)).RootElement.GetProperty(name).GetProperty("data_offsets");
        var longs = MemoryMarshal.Cast<byte, long>(bytes.AsSpan((data + place[0].GetInt32())..(data + place[1].GetInt32())));
        return [.. longs.ToArray().Select(i => (int)i)];
    }

    static double Worst(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max();

    static double Rms(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * (x - y)).Average());
}
