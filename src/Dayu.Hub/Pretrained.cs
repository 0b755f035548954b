using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Hub;

/// <summary>
/// A model of any family with what turns text into its tokens and back, opened once whatever the file: network, tokenizer, chat
/// template, generation settings. Sessions, embeddings, evaluation and what looks inside are views on it; weights are never held twice.
/// </summary>
public sealed class Pretrained : IDisposable
{
    readonly Action close;

    Pretrained(LoadedModel model, TextParts text, Action close) => (Model, Text, this.close) = (model, text, close);

    /// <summary>Opens a model and brings its weights into the backend's order; the tokenizer is made meanwhile.</summary>
    /// <param name="path">A GGUF file, a Hugging Face folder, a llama2.c file.</param>
    /// <param name="on">Where it is to compute.</param>
    /// <param name="tokenizer">The tokenizer's file, where it is neither in nor beside the model.</param>
    /// <param name="progress">Told how many bytes of the weights are ready, of how many; on any thread, one at a time.</param>
    /// <param name="adapter">The folder of an adapter that is put on the model; null: none, or the one that the path is.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or no tokenizer.</exception>
    /// <exception cref="InvalidDataException">A file is damaged; the message says which, and where.</exception>
    /// <exception cref="NotSupportedException">The family or a number format is not known.</exception>
    public static Pretrained Open(
        string path, Backend on, string? tokenizer = null, Action<long, long>? progress = null, string? adapter = null) =>
        Map(path, on, tokenizer, adapter, pack: true, progress);

    /// <summary>
    /// Opens a GGUF file that is in memory, in a program's resource, say: nothing is copied but what the backend brings into its order.
    /// </summary>
    /// <param name="file">It belongs to the result from now on, and is closed on error.</param>
    /// <param name="on">Where it is to compute.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">It is no GGUF file, or of a family or a number format that is not known.</exception>
    public static Pretrained Open(MappedFile file, Backend on) => Open(Checkpoint.Open(file), on, null, pack: true, null);

    /// <summary>Opens a model whose weights stay in the file until they are used: to look at a few of them.</summary>
    /// <inheritdoc cref="Open(string, Backend, string, Action{long, long}, string)"/>
    public static Pretrained Map(string path, Backend on, string? tokenizer = null, string? adapter = null) =>
        Map(path, on, tokenizer, adapter, pack: false, null);

    static Pretrained Map(string path, Backend on, string? tokenizer, string? adapter, bool pack, Action<long, long>? progress) =>
        Open(adapter is null ? Checkpoint.Open(path) : Checkpoint.Adapted(path, adapter), on, tokenizer, pack, progress);

    static Pretrained Open(Checkpoint checkpoint, Backend on, string? tokenizer, bool pack, Action<long, long>? progress)
    {
        var text = Task.Run(() => TextParts.Of(checkpoint, tokenizer));
        if (pack) _ = ParseEarly(text);
        LoadedModel? model = null;
        try
        {
            model = LoadedModel.Load(checkpoint, on);
            if (pack) model.Pack(progress);
            return new(model, text.GetAwaiter().GetResult(), () => Close(model, checkpoint));
        }
        catch
        {
            ((IAsyncResult)text).AsyncWaitHandle.WaitOne();          // it reads the file
            model?.Dispose();
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>A model in memory, one that is being trained, say; it stays the caller's.</summary>
    /// <param name="model">The network.</param>
    /// <param name="tokenizer">Text to its ids and back.</param>
    public static Pretrained Of(LoadedModel model, Tokenizer tokenizer) => new(model, TextParts.Of(tokenizer), () => { });

    static void Close(LoadedModel model, Checkpoint checkpoint)
    {
        model.Dispose();
        checkpoint.Dispose();
    }

    /// <summary>Parses the template before the first answer asks where it ends; what fails then says so to whoever needs it.</summary>
    static async Task ParseEarly(Task<TextParts> text) => (await text.ConfigureAwait(false)).IsEnd(0);

    /// <summary>The file or folder it was opened from; null: it was not.</summary>
    public Checkpoint? Checkpoint => Model.Checkpoint;

    /// <summary>The family, the configuration and the weights.</summary>
    public LoadedModel Model { get; }

    /// <summary>Tokenizer, template, settings.</summary>
    public TextParts Text { get; }

    /// <summary>What computes.</summary>
    public IModel Net => Model.Net;

    /// <summary>The same, where it goes on with texts.</summary>
    /// <exception cref="NotSupportedException">It does not.</exception>
    public ICausalLm CausalLm => Model.As<ICausalLm>();

    /// <summary>Where it computes.</summary>
    public Backend On => Model.On;

    /// <summary>Text to ids and back.</summary>
    public Tokenizer Tokenizer => Text.Tokenizer;

    /// <summary>How many tokens the model has an embedding for; its tokenizer may have more or fewer.</summary>
    public int Vocabulary => Net is ICausalLm lm ? lm.Vocabulary
        : Model.Config["vocab_size"] is JsonValue v && v.TryGetValue<int>(out var size) ? size : Tokenizer.VocabularySize;

    /// <summary>Holds a text to the tokens that the model has.</summary>
    /// <exception cref="TokenOutOfModelException">It has another.</exception>
    public void Check(IReadOnlyList<int> ids) => TokenOutOfModelException.ThrowIfAny(Tokenizer, ids, Vocabulary);

    /// <summary>The longest sequence it was made for, in tokens.</summary>
    public int Context => Net.Context;

    /// <summary>Frees weights and file.</summary>
    public void Dispose() => close();
}
