using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>Texts as points: how like each is to each, and where they lie in a plane, in words, tables and drawings.</summary>
/// <param name="call">Who asked.</param>
/// <param name="map">What was found.</param>
sealed class EmbeddingReport(CommandContext call, EmbeddingMap map)
{
    const int MostInMap = 40;                                        // a map of more would be a carpet
    const int LongestName = 36, BarCells = 24;

    readonly string[] names = map.Names;
    readonly string kind = map.Kind.ToString().ToLowerInvariant();

    string Axis(int i) => call.Say.Text("embeddings.axis", i + 1, Percent(map.Explained[i]));

    string Explained => call.Say.Text("embeddings.explained",
        Percent(map.Explained.Sum()), Percent(map.Explained[0]), Percent(map.Explained[1]));

    static string Percent(double share) => $"{100 * share:F1}";

    /// <summary>For people, at a terminal.</summary>
    /// <param name="brief">Without drawings.</param>
    public void Tell(bool brief)
    {
        var isNeighbours = map.Kind == EmbeddingKind.Neighbours;
        if (!brief && !isNeighbours && names.Length is > 1 and <= MostInMap)
        {
            call.Out.Drawing(GridText.Of(call, map.Grid));
            call.Out.Text($"{call.Say["embeddings.legend"]}\n\n");
        }
        if (isNeighbours) call.Out.Text(Neighbours.Render(Format.Table));
        else if (names.Length > 1) call.Out.Text(Pairs.Render(Format.Table));
        if (brief || names.Length < 2) return;
        call.Out.Text("\n");
        if (call.Out.Plain) call.Out.Text(Table.Render(Format.Table));
        else call.Out.Drawing(new PointsText(map.Points, call.Terminal.Width()).Render());
        call.Out.Text(Explained + "\n");
    }

    Table Pairs => new(["TEXT", "NEAREST", "COSINE>"], [.. names.Select((_, i) => Pair(i))]);

    string[] Pair(int i) => [Short(i), Short(map.Nearest(i)), $"{map.NearestCosine(i):F3}"];

    string Short(int i) => Label.Short(names[i], LongestName);

    Table Neighbours => new(["TOKEN", "ID>", "", "COSINE>"],
        [.. Enumerable.Range(0, names.Length).Where(i => !map.Items[i].Asked).Select(Neighbour)]);

    string[] Neighbour(int i)
    {
        var (item, cosine) = (map.Items[i], map.Cosines[0, i]);
        return [$"‘{Visible.OneLine(item.Text)}’", $"{item.Id}", call.Out.Plain ? "" : Bars.Of(cosine, BarCells), $"{cosine:F3}"];
    }

    /// <summary>As numbers.</summary>
    public Table Table =>
        new(["#>", "TEXT", "X>", "Y>", .. names.Select((_, j) => $"COSINE {j + 1}>")], [.. names.Select((_, i) => Row(i))]);

    string[] Row(int i) =>
        [$"{i + 1}", names[i], $"{map.Places[i].X:F6}", $"{map.Places[i].Y:F6}", .. map.Cosines.Row(i).Select(c => $"{c:F6}")];

    /// <summary>For programs.</summary>
    public JsonObject Json => new()
    {
        ["v"] = 1,
        ["kind"] = kind,
        ["width"] = map.Width,
        ["items"] = map.Items.Select(Item).ToJson(),
        ["explained"] = map.Explained.Select(Rounded).ToJson(),
        ["cosines"] = map.Cosines.ToJson(),
    };

    JsonObject Item(EmbeddingItem item, int i) => new()
    {
        ["text"] = item.Text,
        ["id"] = item.Id,
        ["asked"] = item.Asked,
        ["x"] = Rounded(map.Places[i].X),
        ["y"] = Rounded(map.Places[i].Y),
    };

    static double Rounded(double x) => Math.Round(x, 6);

    /// <summary>As a drawing of the plane; how like each is to each is in the file of numbers.</summary>
    public Picture Picture =>
        ScatterPlot.Of(map.Points, new(call.Say[$"embeddings.title-{kind}"], Explained, Axis(0), Axis(1)), map.InWords);
}
