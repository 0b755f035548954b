using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>Documents that were dropped for one reason.</summary>
/// <param name="step">In which step.</param>
/// <param name="reason">For what.</param>
public sealed class DropReport(CleaningStep step, string reason)
{
    const int Shown = 5, Longest = 160;                              // examples; characters of one

    readonly List<DropExample> examples = [];

    /// <summary>In which step.</summary>
    public CleaningStep Step => step;

    /// <summary>For what.</summary>
    public string Reason => reason;

    /// <summary>How many.</summary>
    public Amount Dropped { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<DropExample> Examples => examples;

    /// <summary>One more.</summary>
    internal void Add(JudgedDocument document)
    {
        Dropped += new Amount(1, Math.Max(document.Bytes, document.BytesRead));
        if (examples.Count < Shown) examples.Add(new(document.Place, document.Drop!.Detail, Excerpt(document.Text, Longest)));
    }

    /// <summary>The beginning of a text, on one line.</summary>
    public static string Excerpt(string text, int characters)
    {
        var cut = text.Length <= characters ? text.Length : characters - (char.IsHighSurrogate(text[characters - 1]) ? 1 : 0);
        return text[..cut].ReplaceLineEndings(" ") + (cut < text.Length ? "…" : "");
    }

    /// <summary>For the record.</summary>
    public JsonObject ToJson() => new()
    {
        ["step"] = $"{step}".ToLowerInvariant(), ["reason"] = reason, ["documents"] = Dropped.Documents, ["bytes"] = Dropped.Bytes,
        ["examples"] = new JsonArray([.. examples.Select(e => (JsonNode)new JsonObject
        {
            ["place"] = e.Place, ["detail"] = e.Detail, ["text"] = e.Text,
        })]),
    };

    /// <summary>From the record.</summary>
    internal static DropReport Of(JsonNode json)
    {
        var report = new DropReport(Enum.Parse<CleaningStep>((string)json["step"]!, ignoreCase: true), (string)json["reason"]!)
        {
            Dropped = Amount.Of(json),
        };
        foreach (var e in json["examples"]!.AsArray())
            report.examples.Add(new((string)e!["place"]!, (string)e["detail"]!, (string)e["text"]!));
        return report;
    }
}

/// <summary>A document that was dropped.</summary>
/// <param name="Place">Where it was read.</param>
/// <param name="Detail">What was found in it.</param>
/// <param name="Text">How it begins; of one that cannot be read, nothing.</param>
public sealed record DropExample(string Place, string Detail, string Text);
