using System.Text;
using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A model as Hugging Face publishes them, in any number format, for other programs to read.</summary>
public static class PublishedModel
{
    /// <summary>The formats that such weights may have.</summary>
    public static IReadOnlyList<DType> Formats { get; } = [DType.F32, DType.F16, DType.BF16];

    /// <summary>Keys of a configuration that only say how training begins.</summary>
    static readonly string[] ofTraining = [LoadedModel.ZeroOutputs];

    /// <summary>The format that most of a model is in; of blocks, the one that they are decoded to, F16.</summary>
    public static DType FormatOf(LoadedModel model)
    {
        var most = model.Weights.Values.GroupBy(w => w.Tensor.DType).MaxBy(g => g.Sum(w => w.Tensor.Shape.Count))!.Key;
        return most.IsQuantised ? DType.F16 : most;
    }

    /// <summary>How many bytes the weights will take.</summary>
    public static long BytesOf(LoadedModel model, DType format) => format.BytesFor(model.Parameters);

    /// <summary>Writes <c>config.json</c> and <c>model.safetensors</c>. An adapter is merged first.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">Made where it is not there.</param>
    /// <param name="format">Of all weights: one of <see cref="Formats"/>.</param>
    /// <param name="progress">Told how many values are written, of how many.</param>
    /// <param name="cancel">Stops it between two tensors.</param>
    /// <exception cref="WeightRangeException">A weight is NaN, infinite, or too large for the format.</exception>
    public static void Write(
        LoadedModel model, string folder, DType format, Action<long, long>? progress = null, CancellationToken cancel = default)
    {
        model.Merge();
        Directory.CreateDirectory(folder);
        var (done, all) = (0L, model.Parameters);
        Safetensors.Write(Path.Combine(folder, "model.safetensors"), model.Weights.Values.Select(w => Told(Source(model, w, format))),
            new Dictionary<string, string> { ["format"] = "pt" });   // Transformers asks for it
        var config = model.Config.DeepClone().AsObject();
        foreach (var key in ofTraining) config.Remove(key);
        config["torch_dtype"] = format == DType.F32 ? "float32" : format == DType.F16 ? "float16" : "bfloat16";
        var text = config.ToJsonString(new() { WriteIndented = true }) + "\n";
        WholeFile.Write(Path.Combine(folder, "config.json"), Encoding.UTF8.GetBytes(text));

        TensorSource Told(TensorSource source) => source with
        {
            Write = stream =>
            {
                cancel.ThrowIfCancellationRequested();
                source.Write(stream);
                progress?.Invoke(done += source.Shape.Count, all);
            },
        };
    }

    static TensorSource Source(LoadedModel model, Weight w, DType format)
    {
        var source = model.Published(w, w.Tensor);
        if (w.Tensor.DType.IsQuantised) source = source with { DType = DType.F32, Write = stream => Decoded(model, w, stream) };
        return RecodingStream.Of(source, format);
    }

    static void Decoded(LoadedModel model, Weight w, Stream to)
    {
        using var arena = new Arena(model.On);
        model.Published(w, arena.New(w.Tensor.Shape).Set(w.Tensor.ToArray())).Write(to);
    }
}
