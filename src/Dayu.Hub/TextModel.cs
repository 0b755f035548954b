using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Hub;

/// <summary>A causal model with what turns text into its tokens and back: tokenizer, chat template, ends, settings.</summary>
public sealed class TextModel : IDisposable
{
    readonly Checkpoint checkpoint;
    readonly HashSet<int> ends;

    TextModel(Checkpoint checkpoint, LoadedModel model, TextParts parts)
    {
        (this.checkpoint, Model, Parts, ends) = (checkpoint, model, parts, [.. parts.Ends]);
        Net = model.As<ICausalLm>();
        if (parts.Tokenizer.VocabularySize > Net.Vocabulary)
            throw new InvalidDataException($"the tokenizer has {parts.Tokenizer.VocabularySize} tokens, the model {Net.Vocabulary}: they do not belong together");
    }

    /// <summary>Loads everything; the tokenizer is made while the weights are read.</summary>
    /// <param name="path">A GGUF file, a Hugging Face folder, a llama2.c file.</param>
    /// <param name="on">Where it is to compute.</param>
    /// <param name="tokenizer">The tokenizer's file, where it is neither in nor beside the model.</param>
    /// <param name="progress">Told how many bytes of the weights are ready, of how many; on any thread, one at a time.</param>
    public static TextModel Open(string path, Backend on, string? tokenizer = null, Action<long, long>? progress = null)
    {
        var checkpoint = Checkpoint.Open(path);
        var parts = Task.Run(() => TextParts.Of(checkpoint, tokenizer));
        LoadedModel? model = null;
        try
        {
            model = LoadedModel.Load(checkpoint, on);
            model.Pack(progress);
            return new(checkpoint, model, parts.GetAwaiter().GetResult());
        }
        catch
        {
            ((IAsyncResult)parts).AsyncWaitHandle.WaitOne();          // it reads the file
            model?.Dispose();
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>The network and its weights.</summary>
    public LoadedModel Model { get; }

    /// <summary>What predicts.</summary>
    public ICausalLm Net { get; }

    /// <summary>Tokenizer, template, settings.</summary>
    public TextParts Parts { get; }

    /// <summary>Text to ids and back.</summary>
    public Tokenizer Tokenizer => Parts.Tokenizer;

    /// <summary>Whether an answer ends with this token.</summary>
    public bool Ends(int id) => ends.Contains(id);

    /// <summary>Frees weights and file.</summary>
    public void Dispose()
    {
        Model.Dispose();
        checkpoint.Dispose();
    }
}
