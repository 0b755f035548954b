using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>The answer to a question about attention in words and tables.</summary>
/// <param name="call">Who asked.</param>
/// <param name="answer">What was found.</param>
sealed class AttentionReport(CommandContext call, AttentionAnswer answer)
{
    const int BarCells = 32;

    readonly AttentionReading reading = answer.Reading;
    readonly IReadOnlyList<TextSpan> pieces = answer.Reading.Pieces;

    /// <summary>Which head it is, and how it was found.</summary>
    public string Chosen => answer switch
    {
        { Best: { } best, Candidates: > 1 } => call.Say.Text("attention.best", best.Layer, best.Head, answer.Candidates),
        { Heads: [var (layer, head)] } => call.Say.Text("attention.head", layer, head),
        _ => call.Say.Text("attention.mean", answer.Heads.Count),
    };

    /// <summary>it → animal 0.64   other words → animal 0.09   it → street 0.02   score 0.55; empty where nothing is compared.</summary>
    public string Score => answer is { Best: { } best, Question: { Query: { } query, Key: { } key } }
        ? string.Join("   ", Compared(best, reading.Said(query), reading.Said(key))) : "";

    /// <summary>it → animal 0.27, in the other sentence; empty where there is none.</summary>
    public string Contrast => answer is { Best.Contrast: { } contrast, Question: { Query: { } query, Key: { } key } }
        ? $"{reading.Said(query)} → {reading.Said(key)} {contrast:F2}" : "";

    IEnumerable<string> Compared(HeadScore best, string query, string key)
    {
        yield return $"{query} → {key} {best.Key:F2}";
        yield return call.Say.Text("attention.others", key, $"{best.Others:F2}");
        if (answer.Question.Against is { } against) yield return $"{query} → {reading.Said(against)} {best.Against:F2}";
        if (best.Contrast is { } contrast) yield return call.Say.Text("attention.contrast", query, key, $"{contrast:F2}");
        yield return call.Say.Text("attention.score", $"{best.Score:F2}");
    }

    /// <summary>For people, at a terminal.</summary>
    /// <param name="top">Rows of a table at most.</param>
    /// <param name="all">Every head.</param>
    /// <param name="brief">The head and its score only.</param>
    public void Tell(int top, bool all, bool brief)
    {
        call.Out.Text(Score.Length > 0 ? $"{Chosen}\n{Score}\n" : Chosen + "\n");
        if (brief) return;
        call.Out.Text("\n");
        var isMap = answer.Question.Query is null;
        if (all) call.Out.Text(Heads(top).Render(Format.Table));
        else if (isMap) call.Out.Drawing(GridText.Of(call, answer.Grid));
        else call.Out.Text(Looks(top).Render(Format.Table));
        if (!all) call.Out.Note(call.Say[isMap ? "attention.legend" : "attention.all"]);
    }

    /// <summary>What the query looks at, most first.</summary>
    Table Looks(int top)
    {
        var row = answer.Row;
        var most = Math.Max(1e-9, row.Max());
        var shown = row.Index().OrderByDescending(k => k.Item).ThenBy(k => k.Index).Take(top);
        return new(["#>", "WORD", "", "WEIGHT>"], [.. shown.Select(k => Look(k.Index, k.Item, k.Item / most))]);
    }

    string[] Look(int piece, double weight, double share) =>
        [$"{piece}", pieces[piece].Shown, call.Out.Plain ? "" : Bars.Of(share, BarCells), $"{weight:F3}"];

    /// <summary>As numbers: every head, the row of a word, or the whole map.</summary>
    public Table Numbers(bool all)
    {
        if (all) return Heads(int.MaxValue);
        if (answer.Question.Query is not null)
            return new(["POSITION>", "WORD", "WEIGHT>"], [.. answer.Row.Select((w, k) => (string[])[$"{k}", pieces[k].Text, $"{w:F6}"])]);
        return new(
            ["QUERY POSITION>", "QUERY", "KEY POSITION>", "KEY", "WEIGHT>"],
            [.. pieces.SelectMany((_, q) => pieces.Select((_, k) => Cell(q, k)))]);

        string[] Cell(int q, int k) => [$"{q}", pieces[q].Text, $"{k}", pieces[k].Text, $"{answer.Map[q, k]:F6}"];
    }

    /// <summary>Every head: what it gives the words asked for; else what it looks at most, and how spread out it looks.</summary>
    Table Heads(int top) => answer.Ranked.Count > 0
        ? new(["LAYER>", "HEAD>", "KEY>", "OTHERS>", "AGAINST>", "CONTRAST>", "SCORE>"], [.. answer.Ranked.Take(top).Select(Scores)])
        : new(["LAYER>", "HEAD>", "STRONGEST", "WEIGHT>", "SELF>", "BEFORE>", "FIRST>", "BITS>"],
            [.. reading.Maps.All.Take(top).Select(h => Habits(h.Layer, h.Head))]);

    static string[] Scores(HeadScore s) =>
        [$"{s.Layer}", $"{s.Head}", $"{s.Key:F4}", $"{s.Others:F4}", $"{s.Against:F4}", $"{s.Contrast:F4}", $"{s.Score:F4}"];

    string[] Habits(int layer, int head)
    {
        var h = HeadHabits.Of(reading.Maps, layer, head);
        var strongest = $"{pieces[h.Query].Shown} → {pieces[h.Key].Shown}";
        double[] numbers = [h.Strongest, h.Self, h.Before, h.First, h.Bits];
        return [$"{layer}", $"{head}", strongest, .. numbers.Select(n => $"{n:F2}")];
    }

    /// <summary>What there is to say beside the answer: nothing found, words that cannot be seen.</summary>
    public void Remark()
    {
        var unknown = pieces.Count(p => p.Kind == TextSpanKind.Unknown);
        if (unknown > 0) call.Out.Warn(call.Say.Text("attention.unknown", unknown, pieces.Count));
        if (answer.Best is { Score: <= 0 }) call.Out.Note(call.Say["attention.none"]);
        if (answer.Question.Query is not { } query) return;
        string[] unseen = [.. answer.Unseen];
        if (unseen.Length > 0) call.Out.Warn(call.Say.Text("attention.unseen", reading.Said(query), string.Join(", ", unseen)));
        else if (reading.IsCausal && query.Last + 1 < pieces.Count)
            call.Out.Note(call.Say.Text("attention.causal", reading.Said(query), reading.After(query)));
    }
}
