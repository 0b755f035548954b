using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>A model that is compared by its size.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Parameters">Number of weights.</param>
/// <param name="Own">Whether it was asked for; else it is one of those that all are compared with.</param>
sealed record SizedModel(string Name, long Parameters, bool Own);

/// <summary>Models beside each other by their numbers of parameters, to one scale.</summary>
/// <param name="call">Who asked.</param>
/// <param name="models">At least one, one of them asked for; smallest first.</param>
sealed class ScaleReport(CommandContext call, IReadOnlyList<SizedModel> models)
{
    const int BarCells = 48;

    readonly SizedModel largest = models[^1], first = models.First(m => m.Own);

    double Share(SizedModel m) => (double)m.Parameters / largest.Parameters;

    /// <summary>1/1,498: one of so many parts of the largest.</summary>
    string Part(SizedModel m) => m.Parameters == largest.Parameters ? "1" : $"1/{Ratio(largest.Parameters, m.Parameters)}";

    static string Ratio(long a, long b) => ((double)a / b) is var times && times < 10 ? $"{times:0.##}" : $"{times:N0}";

    /// <summary>A bar that would not fill a cell is none: the number says what a bar could not.</summary>
    string Bar(SizedModel m) => Share(m) * BarCells < 1 ? "" : Bars.Of(Share(m), BarCells);

    string Times(SizedModel m) => m.Parameters >= first.Parameters
        ? $"× {Ratio(m.Parameters, first.Parameters)}" : $"÷ {Ratio(first.Parameters, m.Parameters)}";

    string[] Row(SizedModel m) => [m.Name, $"{m.Parameters:N0}", Times(m), Part(m)];

    string[] Columns => ["MODEL", "PARAMETERS>", call.Say.Text("scale.times", first.Name).ToUpperInvariant() + ">",
        call.Say.Text("scale.part", largest.Name).ToUpperInvariant() + ">"];

    /// <summary>As numbers.</summary>
    public Table Table => new(Columns, [.. models.Select(Row)]);

    /// <summary>For people, at a terminal.</summary>
    public void Tell()
    {
        var drawn = call.Out.Plain ? Table : new(["", .. Columns], [.. models.Select(m => (string[])[m.Own ? "→" : "", .. Row(m)])]);
        call.Out.Text(drawn.Render(Format.Table));
        if (call.Out.Plain) return;
        var bars = new Table(["MODEL", ""], [.. models.Select(m => (string[])[m.Name, Bar(m) is { Length: > 0 } bar ? bar : Part(m)])]);
        call.Out.Text($"\n{bars.Render(Format.Table)}{call.Say["scale.legend"]}\n");
    }

    /// <summary>For programs.</summary>
    public JsonObject Json => new() { ["v"] = 1, ["models"] = models.Select(Object).ToJson() };

    JsonObject Object(SizedModel m) => new()
    {
        ["name"] = m.Name, ["parameters"] = m.Parameters, ["own"] = m.Own, ["times"] = (double)m.Parameters / first.Parameters,
        ["share"] = Share(m),
    };

    /// <summary>As a drawing: the area is the number.</summary>
    public Picture Picture => SquareScale.Of([.. models.Select(Drawn)], call.Say["scale.title"], call.Say["scale.area"],
        string.Join("; ", models.Select(m => call.Say.Text("scale.said", m.Name, Units.Count(m.Parameters), Part(m), largest.Name))));

    Sized Drawn(SizedModel m) => new(m.Name, m.Parameters, [Units.Count(m.Parameters), Part(m)], m.Own);
}
