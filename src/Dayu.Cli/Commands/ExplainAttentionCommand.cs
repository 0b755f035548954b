using System.CommandLine;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// What the heads of attention look at: one head as a map, one word's row of it, the head in which a word looks most at another,
/// or all heads.
/// </summary>
sealed class ExplainAttentionCommand : CliCommand
{
    const int Top = 10;

    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string> text = new("--text") { Required = true, HelpName = "text" };
    readonly Option<string?> query = Word("--query"), key = Word("--key"), against = Word("--against");
    readonly Option<string?> contrast = new("--contrast") { HelpName = "text" };
    readonly Option<int?> layer = Number("--layer"), head = Number("--head"), top = Number("--top");
    readonly Option<bool> all = new("--all");
    readonly FigureFile file = new();
    readonly ModelOptions model = new();

    static Option<string?> Word(string name) => new(name) { HelpName = "word" };

    static Option<int?> Number(string name) => new(name) { HelpName = "n" };

    public override IEnumerable<Symbol> Takes =>
        [name, text, query, key, against, contrast, layer, head, all, top, file.Out, .. model.WithoutContext];

    public override Format[] Formats => [Format.Table, Format.Json, Format.Csv, Format.Md];

    public override string[] Variables => ["DAYU_FONT"];

    public override int Run(CommandContext call)
    {
        var (target, said, everyHead) = (file.Target(call), call.Get(text)!, call.Get(all));
        using var loaded = model.Map(call, call.Get(name));
        var answer = Answer(call, new(loaded.Model), said);
        var report = new AttentionReport(call, answer);
        var shown = Rows(call);

        var (json, numbers) = (AttentionJson.Of(answer, everyHead), report.Numbers(everyHead));
        if (target is not null) FigureFile.Write(call, target, Draw, numbers, json);
        if (call.Out.IsText) report.Tell(shown, everyHead, brief: target is not null);
        else call.Out.Result(json, numbers);
        report.Remark();
        return Exit.Ok;

        Picture Draw() => new AttentionFigure(call, answer, report).Draw(said, call.Get(contrast), everyHead);
    }

    AttentionAnswer Answer(CommandContext call, Inspector inspector, string said)
    {
        if (call.Get(query) is null && (call.Get(key) ?? call.Get(against) ?? call.Get(contrast)) is not null) throw new CliError(2043);
        if (call.Get(key) is null && (call.Get(against) ?? call.Get(contrast)) is not null) throw new CliError(2044);
        var reading = AttentionReading.Of(inspector, said);
        var question = new AttentionQuestion(Find(call, reading, query), Find(call, reading, key), Find(call, reading, against))
        {
            Layer = call.Get(layer), Head = call.Get(head),
        };
        if (call.Get(contrast) is not { } other) return new(reading, question);
        var second = AttentionReading.Of(inspector, other);
        return new(reading, question with { Contrast = new(second, Find(call, second, query)!, Find(call, second, key)!) });
    }

    static WordPlace? Find(CommandContext call, AttentionReading reading, Option<string?> option)
    {
        if (call.Get(option) is not { } word) return null;
        var place = reading.Find(word);
        if (place.Choices > 1) call.Out.Note(call.Say.Text("attention.several", word, place.Choices));
        return place;
    }

    int Rows(CommandContext call) => call.Get(top) switch
    {
        < 1 and var n => throw new CliError(2006, call.Say.Text("not-positive", "--top", n)),
        { } n => n,
        null => call.Get(all) ? int.MaxValue : Top,
    };
}
