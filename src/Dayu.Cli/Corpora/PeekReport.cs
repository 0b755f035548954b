using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Text;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What each step sees in a document.</summary>
sealed class PeekReport
{
    const int Shown = 400;                                           // characters
    const int ShownTokens = 120;
    const string Good = "\e[32m", Bad = "\e[31m", Faint = "\e[2m", Odd = "\e[30;46m", Even = "\e[30;47m", Plain = "\e[0m";

    readonly Strings say;
    readonly ReadDocument document;
    readonly string normal;
    readonly LanguageGuess language;
    readonly CleanedText? lines;
    readonly IReadOnlyList<(QualityRule Rule, double Value, bool Keeps)> measures;
    readonly Tokenizer? tokenizer;
    readonly List<int> ids = [];

    public PeekReport(Strings say, ReadDocument document, QualityRules rules, Tokenizer? tokenizer)
    {
        (this.say, this.document, this.tokenizer) = (say, document, tokenizer);
        var text = normal = NormalText.Of(document.Text);
        language = LanguageIdentifier.Default.Of(normal);
        lines = QualityPlan.LinesOf(rules, language.Language)?.Clean(text);
        if (lines is not null) text = lines.Text;
        var measured = new MeasuredText(text);
        var all = QualityPlan.FilterOf(rules, language.Language)?.Rules ?? [];
        measures = [.. all.Select(r => (r, r.Measure(measured), r.Check(measured) is null))];
        if (tokenizer is not null) ids = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
    }

    IReadOnlyDictionary<string, int> Dropped => lines?.Lines ?? new Dictionary<string, int>();

    bool IsKept => normal.Length > 0 && lines?.Breach is null && measures.All(m => m.Keeps);

    /// <summary>Tells it.</summary>
    public void Tell(CommandContext call)
    {
        if (!call.Out.IsText)
        {
            call.Out.Json(Json);
            return;
        }
        call.Out.Drawing(Text(call.Out.Colors));
    }

    string Text(bool colors)
    {
        var text = new System.Text.StringBuilder();
        Head(say["data.step.extract"], $"{document.Place}, {say.Text("data.peek.characters", document.Text.Length)}");
        Body(document.Text);
        Head(say["data.step.normalise"], normal == document.Text ? say["data.peek.same"] : say.Text("data.peek.characters", normal.Length));
        if (normal != document.Text) Body(normal);
        Head(say["data.step.language"], $"{language.Language} ({language.Probability:F3})");
        Head(say["data.step.quality"], say[IsKept ? "data.peek.kept" : "data.peek.dropped"]);
        foreach (var (rule, count) in Dropped)
            text.Append("  ").Append(say.Text("data.peek.lines", rule, count)).Append('\n');
        if (lines?.Breach is { } breach) text.Append("  ").Append(Paint(Bad, $"✗ {breach}")).Append('\n');
        foreach (var (rule, value, keeps) in measures)
        {
            var line = $"{(keeps ? '✓' : '✗')} {rule.Name,-38} {value,12:#,0.###}  {Bounds(rule)}";
            text.Append("  ").Append(Paint(keeps ? Good : Bad, line)).Append('\n');
        }
        if (tokenizer is null) return text.ToString();
        Head(say["data.tokens"], $"{ids.Count:N0}");
        return text.Append(Tokens(colors)).Append('\n').ToString();

        void Head(string step, string what) =>
            text.Append(colors ? $"\e[1m{step}\e[0m" : step).Append("  ").Append(Visible.OneLine(what)).Append('\n');

        void Body(string body)
        {
            foreach (var line in Excerpt(body).Split('\n')) text.Append("  ").Append(Paint(Faint, Visible.OneLine(line))).Append('\n');
        }

        string Paint(string color, string what) => colors ? $"{color}{what}{Plain}" : what;
    }

    /// <summary>In signs, which every language has.</summary>
    static string Bounds(QualityRule rule) => (rule.Least, rule.Most) switch
    {
        (double.NegativeInfinity, var most) => $"≤ {most:#,0.###}",
        (var least, double.PositiveInfinity) => $"≥ {least:#,0.###}",
        var (least, most) => $"{least:#,0.###} … {most:#,0.###}",
    };

    static string Excerpt(string text) => text.Length <= Shown ? text
        : text[..(Shown - (char.IsHighSurrogate(text[Shown - 1]) ? 1 : 0))] + "…";

    string Tokens(bool colors)
    {
        var spans = new TextSpans(tokenizer!, [.. ids.Take(ShownTokens)]).All.Select(s => Visible.OneLine(s.Text));
        var more = ids.Count > ShownTokens ? " …" : "";
        var shown = colors ? string.Concat(spans.Select((s, i) => $"{(i % 2 == 0 ? Odd : Even)}{s}{Plain}")) : string.Join('│', spans);
        return $"  {shown}{more}";
    }

    JsonObject Json => new()
    {
        ["v"] = 1, ["place"] = document.Place, ["text"] = document.Text, ["normal"] = normal, ["language"] = language.Language,
        ["probability"] = language.Probability, ["kept"] = IsKept,
        ["lines"] = new JsonObject(Dropped.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value))),
        ["breach"] = lines?.Breach?.ToString(),
        ["measures"] = measures.Select(m => (JsonNode)new JsonObject
        {
            ["rule"] = m.Rule.Name, ["value"] = Math.Round(m.Value, 6), ["least"] = Finite(m.Rule.Least), ["most"] = Finite(m.Rule.Most),
            ["kept"] = m.Keeps,
        }).ToJson(),
        ["ids"] = tokenizer is null ? null : ids.ToJson(),
    };

    static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
