using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>A text, or a token, as a vector.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Vector">Where it lies.</param>
/// <param name="Asked">Whether the others are its neighbours.</param>
/// <param name="Id">Of a token.</param>
sealed record EmbeddingItem(string Text, float[] Vector, bool Asked = false, int? Id = null);

/// <summary>Texts as points: how like each is to each, and where they lie in the plane in which they are most spread out.</summary>
/// <param name="call">Who asked.</param>
/// <param name="items">What lies there.</param>
/// <param name="kind">What they are: tokens, the neighbours of a word, sentences.</param>
sealed class EmbeddingReport(CommandContext call, IReadOnlyList<EmbeddingItem> items, string kind)
{
    const int MostInMap = 40;                                        // a map of more would be a carpet

    readonly string[] names = [.. items.Select(i => i.Text.Trim() is { Length: > 0 } shown ? shown : "␣")];
    readonly double[,] cosines = Vectors.Cosines([.. items.Select(i => i.Vector)]);
    readonly PrincipalComponents plane = new([.. items.Select(i => i.Vector)]);

    string Axis(int i) => call.Say.Text("embeddings.axis", i + 1, $"{100 * plane.Explained[i]:F1}");

    string Explained => call.Say.Text("embeddings.explained", $"{100 * plane.Explained.Sum():F1}", $"{100 * plane.Explained[0]:F1}", $"{100 * plane.Explained[1]:F1}");

    /// <summary>The other that is most like it.</summary>
    int Nearest(int i) => Enumerable.Range(0, names.Length).Where(j => j != i).MaxBy(j => cosines[i, j]);

    /// <summary>For people, at a terminal.</summary>
    public void Tell(bool brief)
    {
        if (!brief && kind != "neighbours" && names.Length is > 1 and <= MostInMap)
        {
            call.Out.Drawing(new GridText(Grid, call.Terminal.Width(), call.Out.Colors, call.Out.Plain).Render());
            call.Out.Text($"{call.Say["embeddings.legend"]}\n\n");
        }
        if (kind == "neighbours") call.Out.Text(Neighbours.Render(Format.Table));
        else if (names.Length > 1) call.Out.Text(new Table(["TEXT", "NEAREST", "COSINE>"], [.. names.Select((n, i) => (string[])[Label.Short(n, 36), Label.Short(names[Nearest(i)], 36), $"{cosines[i, Nearest(i)]:F3}"])]).Render(Format.Table));
        if (brief || names.Length < 2) return;
        call.Out.Text("\n");
        if (call.Out.Plain) call.Out.Text(Table.Render(Format.Table));
        else call.Out.Drawing(new PointsText(new(names, [.. plane.Points], [.. items.Select(i => i.Asked)]), call.Terminal.Width()).Render());
        call.Out.Text(Explained + "\n");
    }

    Table Neighbours => new(["TOKEN", "ID>", "", "COSINE>"], [.. Enumerable.Range(0, names.Length).Where(i => !items[i].Asked)
        .Select(i => (string[])[$"‘{Visible.OneLine(items[i].Text)}’", $"{items[i].Id}", call.Out.Plain ? "" : Bars.Of(cosines[0, i], 24), $"{cosines[0, i]:F3}"])]);

    Grid Grid => new(names, names, cosines, Math.Min(0, cosines.Cast<double>().Min()), 1);

    /// <summary>As numbers.</summary>
    public Table Table => new(["#>", "TEXT", "X>", "Y>", .. names.Select((_, j) => $"COSINE {j + 1}>")],
        [.. names.Select((n, i) => (string[])[$"{i + 1}", n, $"{plane.Points[i].X:F6}", $"{plane.Points[i].Y:F6}", .. names.Select((_, j) => $"{cosines[i, j]:F6}")])]);

    /// <summary>For programs.</summary>
    public JsonObject Json => new()
    {
        ["v"] = 1, ["kind"] = kind, ["width"] = items[0].Vector.Length,
        ["items"] = new JsonArray([.. names.Select((n, i) => new JsonObject { ["text"] = items[i].Text, ["id"] = items[i].Id, ["asked"] = items[i].Asked, ["x"] = Rounded(plane.Points[i].X), ["y"] = Rounded(plane.Points[i].Y) })]),
        ["explained"] = new JsonArray([.. plane.Explained.Select(Rounded)]),
        ["cosines"] = new JsonArray([.. names.Select((_, i) => new JsonArray([.. names.Select((_, j) => Rounded(cosines[i, j]))]))]),
    };

    static JsonNode Rounded(double x) => Math.Round(x, 6);

    /// <summary>As a drawing: the map of likeness is in the file of numbers; here, the plane.</summary>
    public Picture Picture => ScatterPlot.Of(new(names, [.. plane.Points], [.. items.Select(i => i.Asked)]), call.Say[$"embeddings.title-{kind}"], Explained, Axis(0), Axis(1),
        string.Join("; ", names.Select((n, i) => names.Length > 1 ? $"{n} → {names[Nearest(i)]} {cosines[i, Nearest(i)]:F2}" : n)) + ".");
}
