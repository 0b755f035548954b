using System.CommandLine;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// Where words or sentences lie among each other: sentences by an encoder, tokens of other models, neighbours of a
/// word.
/// </summary>
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
        using var loaded = model.Map(call, name);
        var report = new EmbeddingReport(call, Map(call, loaded.Model, said));
        if (target is not null) FigureFile.Write(call, target, () => report.Picture, report.Table, report.Json);
        if (call.Out.IsText) report.Tell(brief: target is not null);
        else call.Out.Result(report.Json, report.Table);
        return Exit.Ok;
    }

    /// <summary>
    /// The neighbours of a word and words in the table of tokens; sentences where the model reads these, which is
    /// better.
    /// </summary>
    EmbeddingMap Map(CommandContext call, Pretrained model, List<string> said)
    {
        var inspector = new Inspector(model);
        if (call.Get(near) is { } word) return EmbeddingMap.OfNeighbours(inspector, word, call.Get(top), said);
        if (inspector.IsCausal) return EmbeddingMap.OfTokens(inspector, said);
        using var embedding = new EmbeddingModel(model);
        var all = embedding.Embed(said);
        EmbedCommand.WarnOfCuts(call, embedding, all);
        return EmbeddingMap.OfSentences(said, all);
    }
}
