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
    readonly Option<int?> layer = Number("--layer"), head = Number("--head"), top = Number("--top");
    readonly Option<bool> all = new("--all");
    readonly FigureFile file = new();
    readonly ModelOptions model = new();

    static Option<string?> Word(string name) => new(name) { HelpName = "word" };

    static Option<int?> Number(string name) => new(name) { HelpName = "n" };

    public override IEnumerable<Symbol> Takes =>
        [name, text, query, key, against, layer, head, all, top, file.Out, .. model.WithoutContext];

    public override Format[] Formats => [Format.Table, Format.Json, Format.Csv, Format.Md];

    public override string[] Variables => ["DAYU_FONT"];

    public override int Run(CommandContext call)
    {
        var (target, said, everyHead) = (file.Target(call), call.Get(text)!, call.Get(all));
        using var loaded = model.Map(call, call.Get(name));
        var answer = Answer(call, AttentionReading.Of(new(loaded.Model), said));
        var report = new AttentionReport(call, answer);
        var shown = Rows(call);

        var (json, numbers) = (AttentionJson.Of(answer, everyHead), report.Numbers(everyHead));
        if (target is not null) FigureFile.Write(call, target, Draw, numbers, json);
        if (call.Out.IsText) report.Tell(shown, everyHead, brief: target is not null);
        else call.Out.Result(json, numbers);
        report.Remark();
        return Exit.Ok;

        Picture Draw() => new AttentionFigure(call, answer, report).Draw(said, everyHead);
    }

    AttentionAnswer Answer(CommandContext call, AttentionReading reading)
    {
        if (call.Get(query) is null && (call.Get(key) ?? call.Get(against)) is not null) throw new CliError(2043);
        if (call.Get(key) is null && call.Get(against) is not null) throw new CliError(2044);
        return new(reading, new(Find(query), Find(key), Find(against), call.Get(layer), call.Get(head)));

        WordPlace? Find(Option<string?> option)
        {
            if (call.Get(option) is not { } word) return null;
            var place = reading.Find(word);
            if (place.Choices > 1) call.Out.Note(call.Say.Text("attention.several", word, place.Choices));
            return place;
        }
    }

    int Rows(CommandContext call) => call.Get(top) switch
    {
        < 1 and var n => throw new CliError(2006, call.Say.Text("not-positive", "--top", n)),
        { } n => n,
        null => call.Get(all) ? int.MaxValue : Top,
    };
}
