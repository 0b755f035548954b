using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>What became of the documents of a source.</summary>
/// <param name="name">What it is called.</param>
public sealed class SourceReport(string name)
{
    static readonly CleaningStep[] steps = Enum.GetValues<CleaningStep>();

    readonly Amount[] after = new Amount[steps.Length];
    readonly SortedDictionary<string, Amount> languages = new(StringComparer.Ordinal);

    /// <summary>What it is called; its folder, too.</summary>
    public string Name => name;

    /// <summary>Documents that its files hold, with those that cannot be read; bytes of the files.</summary>
    public Amount Read { get; internal set; }

    /// <summary>What is held out.</summary>
    public Amount Held { get; private set; }

    /// <summary>What is left, held out or not.</summary>
    public Amount Kept => After(CleaningStep.Write);

    /// <summary>What is left, by language.</summary>
    public IReadOnlyDictionary<string, Amount> Languages => languages;

    /// <summary>What is left after a step.</summary>
    public Amount After(CleaningStep step) => after[(int)step];

    /// <summary>What comes to a step.</summary>
    public Amount Before(CleaningStep step) => step == 0 ? Read : after[(int)step - 1];

    /// <summary>A document has gone through the steps, or as far as it came.</summary>
    /// <param name="dropped">The step that dropped it; null: it is kept.</param>
    /// <param name="read">As it was read.</param>
    /// <param name="left">As it is now.</param>
    internal void Count(CleaningStep? dropped, Amount read, Amount left)
    {
        Read += new Amount(1, 0);
        foreach (var step in steps)
        {
            if (step == dropped) return;
            after[(int)step] += step == CleaningStep.Extract ? read : left;
        }
    }

    /// <summary>A document is kept.</summary>
    internal void Keep(string language, Amount amount, bool isHeld)
    {
        languages[language] = languages.GetValueOrDefault(language) + amount;
        if (isHeld) Held += amount;
    }

    /// <summary>For the record.</summary>
    public JsonObject ToJson() => new()
    {
        ["name"] = name, ["read"] = Read.ToJson(), ["kept"] = Kept.ToJson(), ["held"] = Held.ToJson(),
        ["languages"] = new JsonObject(languages.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value.ToJson()))),
        ["steps"] = new JsonObject(steps.Select(s => KeyValuePair.Create($"{s}".ToLowerInvariant(), (JsonNode?)After(s).ToJson()))),
    };

    /// <summary>From the record.</summary>
    internal static SourceReport Of(JsonNode json)
    {
        var report = new SourceReport((string)json["name"]!) { Read = Amount.Of(json["read"]), Held = Amount.Of(json["held"]) };
        foreach (var (language, amount) in json["languages"]!.AsObject()) report.languages[language] = Amount.Of(amount);
        foreach (var step in steps) report.after[(int)step] = Amount.Of(json["steps"]![$"{step}".ToLowerInvariant()]);
        return report;
    }
}
