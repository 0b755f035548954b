using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>
/// A model that is to be quantised: a GGUF file (all parts of a split one), or any other checkpoint whose family and tokenizer
/// GGUF has words for.
/// </summary>
sealed class QuantizeSource : IDisposable
{
    readonly List<IDisposable> open = [];

    QuantizeSource(GgufContent content, IEnumerable<string> files, params IDisposable[] open) =>
        (Content, Files, this.open) = (content, [.. files], [.. open]);

    /// <summary>What the new file will say.</summary>
    public GgufContent Content { get; }

    /// <summary>What is read.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Opens it; an adapter is merged.</summary>
    /// <param name="place">Where it lies.</param>
    /// <param name="tokenizer">The tokenizer's file, where it is neither in nor beside the model.</param>
    public static QuantizeSource Open(ModelPlace place, string? tokenizer) =>
        place.Adapter is null && FileKinds.Recognise(place.Path) == FileKind.Gguf
            ? OpenGguf(FileKinds.Meant(place.Path)) : OpenCheckpoint(place, tokenizer);

    static QuantizeSource OpenGguf(string path)
    {
        var file = GgufFile.Open(path);
        try { return new(GgufContent.Of(file), file.Tensors.Paths, file); }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static QuantizeSource OpenCheckpoint(ModelPlace place, string? tokenizer)
    {
        var on = Device.Open(1, exact: true);
        LoadedModel? model = null;
        try
        {
            model = place.Load(on);
            var checkpoint = model.Checkpoint!;
            var content = checkpoint.Metadata is not null ? ModelContent.Merged(model)
                : ModelContent.Of(model, GgufText.Of(checkpoint, tokenizer));
            return new(content, checkpoint.Tensors.Paths, model, (IDisposable)on);
        }
        catch
        {
            model?.Dispose();
            (on as IDisposable)?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var o in open) o.Dispose();
    }
}
