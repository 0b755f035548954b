using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>Texts as vectors, by an embedding.</summary>
sealed class EmbedCommand : CliCommand
{
    const int Together = 32;                                         // texts that are read at once
    const int ShownValues = 4, ShownColumns = 40;                    // of a vector and of a text, for people

    readonly ModelOptions model = new();
    readonly Texts texts;
    readonly Option<string?> pooling = new("--pooling") { HelpName = "mean|last|cls|max" };

    public EmbedCommand()
    {
        texts = new(model);
        pooling.AcceptOnlyFromAmong("mean", "last", "cls", "max");
    }

    public override IEnumerable<Symbol> Takes => [.. texts.All, pooling, .. model.WithoutContext];

    public override int Run(CommandContext call)
    {
        var (name, said) = texts.Read(call);
        if (said.Count == 0) throw new CliError(2009);
        using var loaded = model.Open(call, name);
        using var embedding = new EmbeddingModel(loaded.Model, PoolingOf(call.Get(pooling)));
        List<TextEmbedding> all = [];
        using (var progress = new Progress(call, call.Say["embedding"], "texts"))
            foreach (var some in said.Chunk(Together))
            {
                call.Cancel.ThrowIfCancellationRequested();
                all.AddRange(embedding.Embed(some));
                progress.Report(all.Count, said.Count);
            }
        WarnOfCuts(call, embedding, all);
        if (call.Out.IsText) Tell(call, embedding, said, all);
        else Write(call, embedding, said, all);
        return Exit.Ok;
    }

    static PoolingMode? PoolingOf(string? name) => name is null ? null : Enum.Parse<PoolingMode>(name, ignoreCase: true);

    static void Tell(CommandContext call, EmbeddingModel embedding, List<string> said, List<TextEmbedding> all)
    {
        call.Out.Result([], new(["#>", "TEXT", "TOKENS>", "VECTOR"], [.. all.Select(Row)]));
        call.Out.Note(call.Say.Text("embed.shown", embedding.Width, ShownValues));

        string[] Row(TextEmbedding e, int i)
        {
            var values = string.Join(", ", e.Values.Take(ShownValues).Select(v => v.ToString("F4")));
            return [$"{i + 1}", Label.Short(said[i], ShownColumns), $"{e.Tokens}", $"[{values}, …]"];
        }
    }

    static void Write(CommandContext call, EmbeddingModel embedding, List<string> said, List<TextEmbedding> all)
    {
        string[] columns = ["TEXT", "TOKENS>", "TRUNCATED", .. Enumerable.Range(0, embedding.Width).Select(i => $"V{i}>")];
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
    public static void WarnOfCuts(CommandContext call, EmbeddingModel embedding, IReadOnlyList<TextEmbedding> all)
    {
        for (var i = 0; i < all.Count; i++)
            if (all[i].Cut > 0) call.Out.Warn(call.Say.Text("embed.cut", i + 1, all[i].Tokens + all[i].Cut, embedding.Limit, all[i].Cut));
    }
}
