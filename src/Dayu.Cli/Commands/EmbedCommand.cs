using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>Texts as vectors, by an encoder.</summary>
sealed class EmbedCommand : CliCommand
{
    const int Together = 32;                                         // texts that are read at once
    const int ShownValues = 4, ShownColumns = 40;                    // of a vector and of a text, for people

    readonly ModelOptions model = new();
    readonly Texts texts;

    public EmbedCommand() => texts = new(model);

    public override IEnumerable<Symbol> Takes => [.. texts.All, .. model.WithoutContext];

    public override int Run(CommandContext call)
    {
        var (name, said) = texts.Read(call);
        if (said.Count == 0) throw new CliError(2009);
        var path = model.Path(call, name);
        var on = model.OpenBackend(call);
        using var owned = on as IDisposable;
        using var encoder = EmbeddingModel.Open(path, on, call.Get(model.Tokenizer));
        List<TextEmbedding> all = [];
        using (var progress = new Progress(call, call.Say["embedding"], "texts"))
            foreach (var some in said.Chunk(Together))
            {
                call.Cancel.ThrowIfCancellationRequested();
                all.AddRange(encoder.Embed(some));
                progress.Report(all.Count, said.Count);
            }
        WarnOfCuts(call, encoder, all);
        if (call.Out.IsText) Tell(call, encoder, said, all);
        else Write(call, encoder, said, all);
        return Exit.Ok;
    }

    static void Tell(CommandContext call, EmbeddingModel encoder, List<string> said, List<TextEmbedding> all)
    {
        call.Out.Result([], new(["#>", "TEXT", "TOKENS>", "VECTOR"], [.. all.Select(Row)]));
        call.Out.Note(call.Say.Text("embed.shown", encoder.Width, ShownValues));

        string[] Row(TextEmbedding e, int i)
        {
            var values = string.Join(", ", e.Values.Take(ShownValues).Select(v => v.ToString("F4")));
            return [$"{i + 1}", Label.Short(said[i], ShownColumns), $"{e.Tokens}", $"[{values}, …]"];
        }
    }

    static void Write(CommandContext call, EmbeddingModel encoder, List<string> said, List<TextEmbedding> all)
    {
        string[] columns = ["TEXT", "TOKENS>", "TRUNCATED", .. Enumerable.Range(0, encoder.Width).Select(i => $"V{i}>")];
        List<JsonObject> items = call.Out.Format is Format.Json or Format.Jsonl ? [.. all.Select(Object)] : [];
        call.Out.Result("embeddings", items, new(columns, [.. all.Select(Row)]));

        JsonObject Object(TextEmbedding e, int i) => new()
        {
            ["text"] = said[i],
            ["tokens"] = e.Tokens,
            ["truncated"] = e.Cut > 0,
            ["cut"] = e.Cut,
            ["embedding"] = e.Values.ToJson(),
        };

        string[] Row(TextEmbedding e, int i) =>
            [said[i], $"{e.Tokens}", e.Cut > 0 ? "true" : "false", .. e.Values.Select(v => v.ToString("R"))];
    }

    /// <summary>A text that is longer than the model reads is told, never cut silently.</summary>
    public static void WarnOfCuts(CommandContext call, EmbeddingModel encoder, IReadOnlyList<TextEmbedding> all)
    {
        for (var i = 0; i < all.Count; i++)
            if (all[i].Cut > 0) call.Out.Warn(call.Say.Text("embed.cut", i + 1, all[i].Tokens + all[i].Cut, encoder.Limit, all[i].Cut));
    }
}
