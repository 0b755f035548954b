using System.CommandLine;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>Where words or sentences lie among each other: an encoder's sentences, any other model's tokens; or the neighbours of a word in the table of tokens.</summary>
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
        var report = OfTokens(call, path, on, said) ?? OfSentences(call, path, on, said);
        if (target is not null) FigureFile.Write(call, target, () => report.Picture, report.Table, report.Json);
        if (call.Out.IsText) report.Tell(brief: target is not null);
        else call.Out.Result(report.Json, report.Table);
        return Exit.Ok;
    }

    /// <summary>Words in the table of tokens, and the neighbours of one; null where the model has a better way, since it reads sentences.</summary>
    EmbeddingReport? OfTokens(CommandContext call, string path, Backend on, List<string> said)
    {
        using var inspector = Inspector.Open(path, on, call.Get(model.Tokenizer));
        if (call.Get(near) is not { } word)
            return inspector.IsCausal ? new(call, [.. said.Select(s => new EmbeddingItem(s, inspector.Embedding(Ids(inspector, s))))], "tokens") : null;
        var ids = Ids(inspector, word);
        var asked = new EmbeddingItem(word, inspector.Embedding(ids), Asked: true);
        var neighbours = inspector.Nearest(asked.Vector, call.Get(top), ids).Select(n => new EmbeddingItem(inspector.Tokenizer.TokenText(n.Id), inspector.Embedding([n.Id]), Id: n.Id));
        return new(call, [asked, .. neighbours, .. said.Select(s => new EmbeddingItem(s, inspector.Embedding(Ids(inspector, s)), Asked: true))], "neighbours");
    }

    EmbeddingReport OfSentences(CommandContext call, string path, Backend on, List<string> said)
    {
        using var encoder = EmbeddingModel.Open(path, on, call.Get(model.Tokenizer));
        var all = encoder.Embed(said);
        EmbedCommand.WarnOfCuts(call, encoder, all);
        return new(call, [.. all.Select((e, i) => new EmbeddingItem(said[i], e.Values))], "sentences");
    }

    /// <summary>A word as it stands within a text: behind a blank, where the tokenizer has tokens for that.</summary>
    static List<int> Ids(Inspector inspector, string word)
    {
        var (within, alone) = (Encode(" " + word.Trim()), Encode(word.Trim()));
        return alone.Count == 0 ? throw new CliError(2009) : within.Count <= alone.Count ? within : alone;

        List<int> Encode(string text) => inspector.Tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
    }
}
