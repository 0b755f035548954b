using System.Text;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>The answer to a question about attention: as text, as numbers, as an object.</summary>
/// <param name="call">Who asked.</param>
/// <param name="question">What was asked.</param>
/// <param name="ids">The tokens of the text.</param>
sealed class AttentionReport(CommandContext call, AttentionQuestion question, List<int> ids)
{
    const int BarCells = 32;

    readonly double[,] map = question.Maps.Map(question.Heads);
    readonly TextSpan[] pieces = [.. question.Maps.Pieces.All];

    /// <summary>The map that is shown.</summary>
    public Grid Grid => Marked(map);

    /// <summary>The map of one head, its colours from 0 to 1.</summary>
    public Grid Of(int layer, int head) => Marked(question.Maps.Map((layer, head))) with { Low = 0, High = 1 };

    Grid Marked(double[,] values)
    {
        string[] names = [.. pieces.Select(p => p.Shown)];
        var grid = Grid.FromZero(names, names, values) with { Row = question.Query?.First, Marked = [.. Stretch(question.Key), .. Stretch(question.Against)] };
        return question.IsCausal ? grid with { Hidden = (q, k) => k > q } : grid;
    }

    static IEnumerable<int> Stretch((int First, int Count)? s) => s is { } stretch ? Enumerable.Range(stretch.First, stretch.Count) : [];

    /// <summary>Which head it is, and how it was found.</summary>
    public string Chosen => question switch
    {
        { Best: { } best, Of: > 1 } => call.Say.Text("attention.best", best.Layer, best.Head, question.Of),
        { Heads: [var (layer, head)] } => call.Say.Text("attention.head", layer, head),
        _ => call.Say.Text("attention.mean", question.Heads.Count),
    };

    /// <summary>it → animal 0.67, street 0.02; empty where nothing is compared.</summary>
    public string Score => question.Best is not { } best ? ""
        : $"{question.Said(question.Query!.Value)} → {question.Said(question.Key!.Value)} {best.Key:F2}"
            + (question.Against is { } a ? $"   {question.Said(a)} {best.Against:F2}   {call.Say.Text("attention.score", $"{best.Score:F2}")}" : "");

    /// <summary>How much the query looks at each piece.</summary>
    public double[] Row => [.. Enumerable.Range(0, pieces.Length).Select(k => question.Heads.Sum(h => question.Maps.Weight(h.Layer, h.Head, question.Query!.Value, (k, 1))) / question.Heads.Count)];

    /// <summary>For people, at a terminal.</summary>
    public void Tell(int top, bool all, bool brief)
    {
        call.Out.Text(Score.Length > 0 ? $"{Chosen}\n{Score}\n" : Chosen + "\n");
        if (brief) return;
        call.Out.Text("\n");
        if (all) call.Out.Text(Heads(top).Render(Format.Table));
        else if (question.Query is null) call.Out.Drawing(new GridText(Grid, call.Terminal.Width(), call.Out.Colors, call.Out.Plain).Render());
        else call.Out.Text(Bars(top).Render(Format.Table));
        if (!all) call.Out.Note(call.Say[question.Query is null ? "attention.legend" : "attention.all"]);
    }

    Table Bars(int top)
    {
        var row = Row;
        var most = Math.Max(1e-9, row.Max());
        var shown = Enumerable.Range(0, row.Length).OrderByDescending(k => row[k]).ThenBy(k => k).Take(top);
        return new(["#>", "WORD", "", "WEIGHT>"], [.. shown.Select(k => (string[])[$"{k}", pieces[k].Shown, call.Out.Plain ? "" : Bars(row[k] / most), $"{row[k]:F3}"])]);

        static string Bars(double share) => Cli.Bars.Of(share, BarCells);
    }

    /// <summary>As numbers: every head, the row of a word, or the whole map.</summary>
    public Table Numbers(bool all)
    {
        if (all) return Heads(int.MaxValue);
        if (question.Query is not null) return new(["POSITION>", "WORD", "WEIGHT>"], [.. Row.Select((w, k) => (string[])[$"{k}", pieces[k].Text, $"{w:F6}"])]);
        return new(["QUERY POSITION>", "QUERY", "KEY POSITION>", "KEY", "WEIGHT>"],
            [.. pieces.SelectMany((q, i) => pieces.Select((k, j) => (string[])[$"{i}", q.Text, $"{j}", k.Text, $"{map[i, j]:F6}"]))]);
    }

    /// <summary>Every head: what it gives the words asked for; else what it looks at most, and how spread out it looks.</summary>
    Table Heads(int top)
    {
        if (question.Ranked.Count > 0)
            return new(["LAYER>", "HEAD>", "KEY>", "AGAINST>", "SCORE>"], [.. question.Ranked.Take(top).Select(s => (string[])[$"{s.Layer}", $"{s.Head}", $"{s.Key:F4}", $"{s.Against:F4}", $"{s.Score:F4}"])]);
        return new(["LAYER>", "HEAD>", "STRONGEST", "WEIGHT>", "SELF>", "BEFORE>", "FIRST>", "BITS>"], [.. question.Maps.All.Take(top).Select(h => Habits(h.Layer, h.Head))]);
    }

    /// <summary>What a head looks at, over all words: itself, the word before, the first token; and the entropy of where it looks.</summary>
    string[] Habits(int layer, int head)
    {
        var m = question.Maps.Map((layer, head));
        var n = pieces.Length;
        double self = 0, before = 0, first = 0, bits = 0;
        var (strongest, query, key) = (0.0, 0, 0);
        for (var q = 0; q < n; q++)
        {
            (self, first, before) = (self + m[q, q], first + m[q, 0], before + (q > 0 ? m[q, q - 1] : 0));
            for (var k = 0; k < n; k++)
            {
                if (m[q, k] > 0) bits -= m[q, k] * Math.Log2(m[q, k]);
                if (m[q, k] > strongest && q != k && k > 0) (strongest, query, key) = (m[q, k], q, k);
            }
        }
        return [$"{layer}", $"{head}", $"{pieces[query].Shown} → {pieces[key].Shown}", $"{strongest:F2}", $"{self / n:F2}", $"{before / Math.Max(1, n - 1):F2}", $"{first / n:F2}", $"{bits / n:F2}"];
    }

    /// <summary>For programs.</summary>
    public JsonObject Json(bool all) => new()
    {
        ["v"] = 1,
        ["pieces"] = new JsonArray([.. pieces.Select(p => new JsonObject { ["text"] = p.Text, ["ids"] = new JsonArray([.. ids.Skip(p.First).Take(p.Count).Select(i => (JsonNode)i)]) })]),
        ["causal"] = question.IsCausal,
        ["heads"] = new JsonArray([.. question.Heads.Select(h => new JsonObject { ["layer"] = h.Layer, ["head"] = h.Head })]),
        ["query"] = Word(question.Query), ["key"] = Word(question.Key), ["against"] = Word(question.Against),
        ["score"] = question.Best is { } b ? Scored(b) : null,
        ["unseen"] = new JsonArray([.. question.Unseen.Select(w => (JsonNode)w)]),
        ["weights"] = new JsonArray([.. Enumerable.Range(0, pieces.Length).Select(q => new JsonArray([.. Enumerable.Range(0, pieces.Length).Select(k => (JsonNode)Math.Round(map[q, k], 6))]))]),
        ["ranked"] = all ? new JsonArray([.. question.Ranked.Select(Scored)]) : null,
    };

    JsonObject? Word((int First, int Count)? stretch) => stretch is { } s ? new() { ["text"] = question.Said(s), ["first"] = s.First, ["count"] = s.Count } : null;

    static JsonObject Scored(HeadScore s) => new() { ["layer"] = s.Layer, ["head"] = s.Head, ["key"] = Math.Round(s.Key, 6), ["against"] = Math.Round(s.Against, 6), ["score"] = Math.Round(s.Score, 6) };

    string Title => question is { Best: { } best, Query: { } q, Key: { } k } ? call.Say.Text("attention.title", question.Said(q), question.Said(k), call.Say.Text("attention.head", best.Layer, best.Head)) : Chosen;

    /// <summary>As a drawing.</summary>
    public Picture Picture(string text, bool all)
    {
        var lines = new StringBuilder(text.ReplaceLineEndings(" "));
        if (Score.Length > 0) lines.Append('\n').Append($"{Score}   {Chosen}");
        lines.Append('\n').Append(call.Say[all ? "attention.read-all" : "attention.read"]);
        var hidden = question.IsCausal ? call.Say["attention.masked"] : "";
        var (title, description) = (all ? call.Say.Text("attention.title-all", question.Maps.Layers, question.Maps.Heads(0)) : Title, $"{Chosen}. {Score} {InWords()}");
        if (all)
            return HeadGrid.Of([.. Enumerable.Range(0, question.Maps.Layers).Select(l => Enumerable.Range(0, question.Maps.Heads(l)).Select(h => Of(l, h)).ToArray())],
                new(title, lines.ToString(), call.Say["attention.layers"], call.Say["attention.heads"], call.Say["attention.weight"], hidden), question.Best is { } b ? (b.Layer, b.Head) : null, description);
        return HeatMap.Of(Grid, new(title, lines.ToString(), call.Say["attention.looks"], call.Say["attention.looked"], call.Say["attention.weight"], hidden), description);
    }

    /// <summary>What each piece looks at most, for those who do not see the picture.</summary>
    string InWords() => string.Join("; ", pieces.Select((p, q) => (p, k: Enumerable.Range(0, pieces.Length).MaxBy(k => map[q, k]), q)).Select(x => $"{x.p.Shown} → {pieces[x.k].Shown} {map[x.q, x.k]:F2}")) + ".";
}
