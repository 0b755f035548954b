using System.CommandLine;
using Dayu.Hub;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>How large a model is beside GPT-1, GPT-2 and GPT-3: drawn to one scale.</summary>
sealed class ExplainScaleCommand : CliCommand
{
    const int LongestName = 24, MostModels = 20;

    static readonly string[] landmarks = ["gpt1", "gpt2-xl", "gpt3-175b"];

    readonly Argument<string[]> models = new("models") { Arity = ArgumentArity.ZeroOrMore };
    readonly FigureFile file = new();

    public override IEnumerable<Symbol> Takes => [models, file.Out];

    public override Format[] Formats => [Format.Table, Format.Json, Format.Csv, Format.Md];

    public override string[] Variables => ["DAYU_FONT"];

    public override int Run(CommandContext call)
    {
        var target = file.Target(call);
        string[] asked = call.Get(models) is { Length: > 0 } named ? named : [OwnShapes.Named.Keys.First()];
        if (asked.Length > MostModels) throw new CliError(2006, call.Say.Text("scale.most", asked.Length, MostModels));
        SizedModel[] own = [.. asked.Distinct().Select(word => Sized(call, word))];
        var others = landmarks.Select(l => new SizedModel(l, Parameters(NamedShapes.Find(l)!), Own: false));
        var report = new ScaleReport(call, [.. own.UnionBy(others, m => m.Name).OrderBy(m => m.Parameters)]);
        if (target is not null) FigureFile.Write(call, target, () => report.Picture, report.Table, report.Json);
        if (call.Out.IsText) report.Tell();
        else call.Out.Result(report.Json, report.Table);
        return Exit.Ok;
    }

    static SizedModel Sized(CommandContext call, string word) => ShapesAtHand.Find(call, word) is { } shape
        ? new(NameOf(shape.Name), Parameters(shape), Own: true)
        : new(NameOf(word), ModelFacts.Of(call.Models.Resolve(word, call.Say)).Parameters, Own: true);

    static long Parameters(NamedShape shape) => ModelShape.Of(shape.Config).Parameters;

    /// <summary>The last part of a path.</summary>
    static string NameOf(string word) => Inference.Label.Short(Path.GetFileName(Path.TrimEndingDirectorySeparator(word)), LongestName);
}
