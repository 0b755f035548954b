using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A model of any checkpoint as a GGUF file says it: names and orders of the family's dialect.</summary>
public static class ModelContent
{
    /// <summary>
    /// What a model's file will say; the model must stay in memory, and lie where a program can read it. An adapter is merged first.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="describe">Writes what the model itself does not know: tokenizer, template, name.</param>
    /// <exception cref="NotSupportedException">GGUF has no words for it; the message says for what.</exception>
    public static GgufContent Of(LoadedModel model, Action<GgufWriter> describe)
    {
        var dialect = model.Family.Gguf ?? throw NoFamily(model);
        if (model.Net is BaseModel)
            throw new NotSupportedException("a GGUF file without an output head is read as one whose head is the table of "
                + $"embeddings, which would be wrong here: {BaseModel.Missing}");
        model.Merge();
        List<GgufTensor> tensors = [.. model.Weights.Values.Select(w => Tensor(w, dialect, model))];
        var metadata = new ModelMetadata(dialect, model.Config, tensors);
        if (metadata.RopeFactors() is { } factors) tensors.Add(Vector("rope_freqs.weight", factors));
        return new(metadata.Facts, tensors, writer =>
        {
            metadata.Write(writer);
            describe(writer);
        });
    }

    /// <summary>Whose models no GGUF file can hold, what of them it has no words for, and whose it can.</summary>
    static NotSupportedException NoFamily(LoadedModel model)
    {
        string[] own = [.. ownKeys.Where(k => model.Config[k]?.GetValueKind() is JsonValueKind.True or JsonValueKind.Number)];
        return new($"GGUF files have no family '{model.Family.Name}'"
            + (own.Length > 0 ? $", and no words for its {string.Join(", ", own)}" : "")
            + $"; they have {string.Join(", ", Families.InGguf)}");
    }

    /// <summary>Switches of recipes that make a family of its own of a Llama.</summary>
    static readonly string[] ownKeys = ["qk_norm", "relu_squared", "value_embeddings", "final_logit_softcapping"];

    /// <summary>What a GGUF file will say once its model's adapter is merged: what it says now, with other weights.</summary>
    /// <param name="model">Of such a file; it must stay in memory, and lie where a program can read it.</param>
    /// <exception cref="NotSupportedException">A tensor is in a format that this build cannot read.</exception>
    public static GgufContent Merged(LoadedModel model)
    {
        var (file, dialect) = (model.Checkpoint!, model.Family.Gguf!);
        var content = GgufContent.Of(file.Tensors, file.Metadata!);
        Weight[] adapted = [.. model.Weights.Values.Where(w => w.LowRank.Count > 0)];
        model.Merge();
        var merged = adapted.Select(w => Tensor(w, dialect, model)).ToDictionary(t => t.Name);
        return content with { Tensors = [.. content.Tensors.Select(t => merged.GetValueOrDefault(t.Name) ?? t)] };
    }

    static GgufTensor Tensor(Weight w, GgufDialect dialect, LoadedModel model)
    {
        foreach (var rule in dialect.Names)
            if (rule.ToFile(w.Path) is { } name)
                return new(name, w.Tensor.DType, w.Tensor.Shape, rule.Layout is { } layout
                    ? use => Reordered(w.Tensor, layout, model.Config, use)
                    : use => use(w.Tensor.Address));
        throw new NotSupportedException($"weight {MappedFile.Shown(w.Path)} has no name in GGUF files: "
            + "a model with this head cannot be written as one");
    }

    static unsafe void Reordered(Tensor t, TensorLayout layout, JsonObject config, Action<nint> use)
    {
        var bytes = new byte[t.Bytes];
        fixed (byte* to = bytes)
        {
            layout.ToFile((byte*)t.Address, to, t.DType, t.Shape, config);
            use((nint)to);
        }
    }

    static unsafe GgufTensor Vector(string name, float[] values) => new(name, DType.F32, new(values.Length), use =>
    {
        fixed (float* from = values) use((nint)from);
    });
}
