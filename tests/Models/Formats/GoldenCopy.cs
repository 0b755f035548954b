using System.Text.Json;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// A golden folder whose weights are told in another way: the files are written by the test, the model must say the
/// same.
/// </summary>
public sealed class GoldenCopy : IDisposable
{
    readonly string golden;
    readonly TensorFile weights;

    public GoldenCopy(string name)
    {
        golden = Fixtures.GoldenOrSkip(name);
        weights = Safetensors.Open(System.IO.Path.Combine(golden, "model.safetensors"));
        File.Copy(System.IO.Path.Combine(golden, "config.json"), At("config.json"));
    }

    /// <summary>The new folder; it has only config.json so far.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("dayu-test-").FullName;

    /// <summary>The weights, to be written again.</summary>
    public TensorSource[] Tensors => [.. weights.Entries.Values.Select(TensorSource.Of)];

    /// <summary>The weights in another number format.</summary>
    public TensorSource[] As(DType dtype) => [.. weights.Entries.Values.Select(e => TensorSource.Of(e.Name, dtype, e.Shape, e.Values()))];

    /// <summary>A path in the new folder.</summary>
    public string At(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>The folder's logits, as the golden folder's own weights give them.</summary>
    public float[] Expected() => Logits(golden);

    /// <summary>The logits of the new folder, or of a file in it.</summary>
    public float[] Found(string file = "") => Logits(At(file));

    /// <summary>The logits of a model, for the golden folder's first row of tokens.</summary>
    public float[] Logits(string path)
    {
        var inputs = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(golden, "inputs.json"))).RootElement;
        var ids = inputs.GetProperty("input_ids").Deserialize<int[][]>()![0];
        var on = new ReferenceBackend();
        using var checkpoint = Checkpoint.Open(path);
        using var model = LoadedModel.Load(checkpoint, on);
        using var arena = new Arena(on);
        return model.As<ICausalLm>().Forward(new(arena, ids) { SelectedRows = Pass.Every(ids.Length) }).ToArray();
    }

    public void Dispose()
    {
        weights.Dispose();
        Directory.Delete(Path, true);
    }
}
