using System.CommandLine;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>Where words or sentences lie among each other: sentences by an encoder, tokens of other models, neighbours of a word.</summary>
sealed class ExplainEmbeddingsCommand : CliCommand
{
    const int MostTexts = 400;

    readonly ModelOptions model = new();
    readonly Texts texts;
    readonly Option<string?> text = new("--text") { HelpName = "text" }, near = new("--near") { HelpName = "word" };
    readonly Option<int> top = new("--top") { DefaultValueFactory = _ => 10, HelpName = "n" };
    readonly FigureFile file = new();

    public ExplainEmbeddingsCommand() => texts = new(model);

    public override IEnumerable<Symbol> Takes => [.. texts.All, text, near, top, file.Out, .. model.WithoutContext];

    public override Format[] Formats => [Format.Table, Format.Json, Format.Csv, Format.Md];

    public override string[] Variables => ["DAYU_FONT"];

    public override int Run(CommandContext call)
    {
        var target = file.Target(call);
        var (name, said) = texts.Read(call, listens: call.Get(near) is null && call.Get(text) is null);
        if (call.Get(text) is { } one) said.Add(one);
        if (call.Get(top) is var n && n is < 1 or > MostTexts) throw new CliError(2006, call.Say.Text("embeddings.top", n, MostTexts));
        if (said.Count == 0 && call.Get(near) is null) throw new CliError(2009);
        if (said.Count > MostTexts) throw new CliError(2047, said.Count, MostTexts);
        var path = model.Path(call, name);
        var on = model.OpenBackend(call);
        using var owned = on as IDisposable;
        var report = new EmbeddingReport(call, OfTokens(call, path, on, said) ?? OfSentences(call, path, on, said));
        if (target is not null) FigureFile.Write(call, target, () => report.Picture, report.Table, report.Json);
        if (call.Out.IsText) report.Tell(brief: target is not null);
        else call.Out.Result(report.Json, report.Table);
        return Exit.Ok;
    }

    /// <summary>Words in the table of tokens, and the neighbours of one; null where the model reads sentences, which is better.</summary>
    EmbeddingMap? OfTokens(CommandContext call, string path, Backend on, List<string> said)
    {
        using var inspector = Inspector.Open(path, on, call.Get(model.Tokenizer));
        if (call.Get(near) is { } word) return EmbeddingMap.OfNeighbours(inspector, word, call.Get(top), said);
        return inspector.IsCausal ? EmbeddingMap.OfTokens(inspector, said) : null;
    }

    EmbeddingMap OfSentences(CommandContext call, string path, Backend on, List<string> said)
    {
        using var encoder = EmbeddingModel.Open(path, on, call.Get(model.Tokenizer));
        var all = encoder.Embed(said);
        EmbedCommand.WarnOfCuts(call, encoder, all);
        return EmbeddingMap.OfSentences(said, all);
    }
}
