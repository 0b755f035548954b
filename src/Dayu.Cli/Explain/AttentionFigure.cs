using System.Text;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>The answer to a question about attention as a drawing: the words around it.</summary>
/// <param name="call">Who asked.</param>
/// <param name="answer">What was found.</param>
/// <param name="report">Says it in words.</param>
sealed class AttentionFigure(CommandContext call, AttentionAnswer answer, AttentionReport report)
{
    /// <summary>The drawing; two beside each other, of one head, where there is another sentence.</summary>
    /// <param name="text">The text that was read.</param>
    /// <param name="contrast">The other one; null: none.</param>
    /// <param name="all">Every head, each as a small map.</param>
    public Picture Draw(string text, string? contrast, bool all)
    {
        var description = $"{report.Chosen}. {report.Score} {answer.InWords}";
        if (all) return DrawAll(text, description);
        var drawn = HeatMap.Of(answer.Grid, Texts(Title, text, "attention.read", "attention.looks", "attention.looked"), description);
        if (contrast is null || answer.InContrast is not { } other) return drawn;
        var texts = Texts(Title, contrast, "attention.read", "attention.looks", "attention.looked") with
        {
            Lines = $"{contrast.ReplaceLineEndings(" ")}\n{report.Contrast}",
        };
        var second = HeatMap.Of(other.Grid with { Low = 0, High = answer.Grid.High }, texts, other.InWords);
        return Picture.Beside(drawn, second, Title, $"{description} / {contrast}: {other.InWords}");
    }

    Picture DrawAll(string text, string description)
    {
        var title = call.Say.Text("attention.title-all", answer.Reading.Maps.Layers, answer.Reading.Maps.Heads(0));
        (int, int)? marked = answer.Best is { } best ? (best.Layer, best.Head) : null;
        var texts = Texts(title, text, "attention.read-all", "attention.layers", "attention.heads");
        return HeadGrid.Of(answer.Grids, texts, marked, description);
    }

    HeatMapTexts Texts(string title, string text, string read, string rows, string columns)
    {
        var lines = new StringBuilder(text.ReplaceLineEndings(" "));
        if (report.Score.Length > 0) lines.Append('\n').Append($"{report.Score}   {report.Chosen}");
        lines.Append('\n').Append(call.Say[read]);
        var hidden = answer.Reading.IsCausal ? call.Say["attention.masked"] : "";
        return new(title, lines.ToString(), call.Say[rows], call.Say[columns], call.Say["attention.weight"], hidden);
    }

    string Title
    {
        get
        {
            if (answer is not { Best: { } best, Question: { Query: { } query, Key: { } key } }) return report.Chosen;
            var head = call.Say.Text("attention.head", best.Layer, best.Head);
            return call.Say.Text("attention.title", answer.Reading.Said(query), answer.Reading.Said(key), head);
        }
    }
}
