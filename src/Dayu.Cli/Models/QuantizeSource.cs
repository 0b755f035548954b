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

    public static QuantizeSource Open(string path, string? tokenizer) =>
        FileKinds.Recognise(path) == FileKind.Gguf ? OpenGguf(FileKinds.Meant(path)) : OpenCheckpoint(path, tokenizer);

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

    static QuantizeSource OpenCheckpoint(string path, string? tokenizer)
    {
        var on = Device.Open(1, exact: true);
        LoadedModel? model = null;
        try
        {
            model = LoadedModel.Open(path, on);
            var content = ModelContent.Of(model, GgufText.Of(model.Checkpoint!, tokenizer));
            return new(content, model.Checkpoint!.Tensors.Paths, model, (IDisposable)on);
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
