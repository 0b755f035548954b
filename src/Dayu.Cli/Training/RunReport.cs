using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What a run's files say of it.</summary>
/// <param name="Run">Which.</param>
/// <param name="Losses">Step and loss of each step.</param>
/// <param name="Validation">Step and loss of each measurement on the held-out text.</param>
sealed record RunReport(RunFolder Run, (long Step, double Loss)[] Losses, (long Step, double Loss)[] Validation)
{
    /// <summary>The last measurement, as it was written; null: there is none.</summary>
    public JsonObject? Evaluated { get; private init; }

    const int Last = 20;

    public static RunReport Of(RunFolder run)
    {
        var (losses, validation) = (new List<(long, double)>(), new List<(long, double)>());
        JsonObject? evaluated = null;
        foreach (var json in RunFolder.Read(run.MetricsPath))
        {
            if (json["validation_loss"] is not null || json["epochs"] is not null) evaluated = json;
            if ((long?)json["step"] is not { } step) continue;
            if ((double?)json["loss"] is { } loss) losses.Add((step, loss));
            if ((double?)json["validation_loss"] is { } held) validation.Add((step, held));
        }
        return new(run, [.. losses], [.. validation]) { Evaluated = evaluated };
    }

    /// <summary>A row of a list.</summary>
    public string[] Cells =>
        [Run.Name, $"{Losses.LastOrDefault().Step:N0}", Number(Loss), Number(Held), string.Join(' ', Run.Checkpoints.TakeLast(3))];

    public JsonObject Json => new()
    {
        ["name"] = Run.Name, ["path"] = Run.Path, ["steps"] = Losses.LastOrDefault().Step, ["loss"] = Loss, ["validation_loss"] = Held,
        ["checkpoints"] = new JsonArray([.. Run.Checkpoints.Select(c => (JsonNode)c)]),
    };

    public JsonObject Whole
    {
        get
        {
            var json = Json;
            json["v"] = 1;
            json["losses"] = List(Losses);
            json["validation"] = List(Validation);
            json["last_evaluation"] = Evaluated?.DeepClone();
            return json;
        }
    }

    public Table Pairs(Strings say)
    {
        var held = new Losses(say, RecipeFile.Read(Run.RecipePath, []).TokenizerName != Recipe.Characters);
        return Table.Pairs(
            (say["runs.name"], Run.Name), (say["runs.folder"], Run.Path), (say["train.steps"], $"{Losses.LastOrDefault().Step:N0}"),
            (say["loss"], Number(Loss)),
            (say["train.validation"], string.Join("  ", Validation.TakeLast(6).Select(v => $"{v.Step}: {held.Text(v.Loss)}"))),
            (say["runs.sources"], held.Text(Numbers("validation"))),
            (say["train.epochs"], string.Join("  ", Numbers("epochs").Select(e => $"{e.Key} {e.Value:F2}"))),
            (say["runs.saved"], string.Join(' ', Run.Checkpoints)));
    }

    IEnumerable<KeyValuePair<string, double>> Numbers(string part) =>
        (Evaluated?[part] as JsonObject ?? []).Select(n => KeyValuePair.Create(n.Key, (double)n.Value!));

    /// <summary>Mean of the last steps.</summary>
    double? Loss => Losses.Length == 0 ? null : Losses.TakeLast(Last).Average(l => l.Loss);

    double? Held => Validation.Length == 0 ? null : Validation[^1].Loss;

    static string Number(double? value) => value is { } v ? $"{v:F4}" : "–";

    static JsonArray List((long Step, double Loss)[] all) =>
        new([.. all.Select(p => (JsonNode)new JsonArray(p.Step, p.Loss))]);
}
