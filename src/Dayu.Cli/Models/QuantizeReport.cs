using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>What became of a model that was quantised.</summary>
/// <param name="Path">The new file.</param>
/// <param name="To">The name of the mixture.</param>
/// <param name="Pure">One format for all.</param>
/// <param name="Content">What it was.</param>
/// <param name="Quantizer">Who wrote it.</param>
/// <param name="BytesBefore">Of the source's files.</param>
/// <param name="Time">That encoding took.</param>
sealed record QuantizeReport(string Path, string To, bool Pure, GgufContent Content, Quantizer Quantizer, long BytesBefore, TimeSpan Time)
{
    readonly long parameters = Content.Tensors.Sum(t => t.Shape.Count), dataBefore = Content.Tensors.Sum(t => t.Bytes);

    /// <summary>Tokens a second before and after; null: not measured.</summary>
    public double[]? Speed { get; set; }

    /// <summary>Against the source, on a text; null: not measured.</summary>
    public DivergenceResult? Quality { get; init; }

    /// <summary>The bound that was checked; null: none was.</summary>
    public double? MaxKl { get; init; }

    long BytesAfter { get; } = new FileInfo(Path).Length;

    double BitsBefore => 8.0 * dataBefore / parameters;

    double BitsAfter => 8.0 * Quantizer.Formats.Sum(f => f.Bytes) / parameters;

    public void Tell(CommandContext call) => call.Out.Result(Json, Table.Pairs([.. Pairs(call.Say)]));

    JsonObject Json => new()
    {
        ["v"] = 1,
        ["path"] = Path,
        ["to"] = To,
        ["pure"] = Pure,
        ["tensors"] = Quantizer.Targets.Values.Count(t => t.Wanted is not null),
        ["formats"] = Quantizer.Formats
            .Select(f => new JsonObject { ["name"] = f.DType.Name, ["tensors"] = f.Tensors, ["bytes"] = f.Bytes }).ToJson(),
        ["fallbacks"] = new JsonObject(Quantizer.Fallbacks.Select(f => KeyValuePair.Create(f.Tensor.Name, (JsonNode?)f.Target.Given.Name))),
        ["bytes_before"] = BytesBefore,
        ["bytes_after"] = BytesAfter,
        ["bits_per_weight_before"] = Math.Round(BitsBefore, 4),
        ["bits_per_weight_after"] = Math.Round(BitsAfter, 4),
        ["seconds"] = Math.Round(Time.TotalSeconds, 3),
        ["tok_s_before"] = Speed?[0],
        ["tok_s_after"] = Speed?[1],
        ["quality"] = Quality is { } quality ? QualityJson(quality) : null,
    };

    JsonObject QualityJson(DivergenceResult q) => new()
    {
        ["tokens"] = q.Tokens,
        ["nll_before"] = q.AgainstNll,
        ["nll_after"] = q.Nll,
        ["perplexity_before"] = q.AgainstPerplexity,
        ["perplexity_after"] = q.Perplexity,
        ["mean_kl"] = q.MeanKl,
        ["kl_99"] = q.Kl99,
        ["same_top"] = q.SameTop,
        ["max_kl"] = MaxKl,
    };

    IEnumerable<(string, string)> Pairs(Strings say)
    {
        var change = 100.0 * (BytesAfter - BytesBefore) / BytesBefore;
        var size = $"{Units.Bytes(BytesBefore)} → {Units.Bytes(BytesAfter)} ({change:+0;−0;0} %)";
        yield return (System.IO.Path.GetFileName(Path), $"{size}, {say.Text("quantize.bits", $"{BitsBefore:F2}", $"{BitsAfter:F2}")}");
        var formats = Quantizer.Formats.Select(f => say.Text("quantize.format", f.DType.Name, f.Tensors, Units.Bytes(f.Bytes)));
        yield return (say["quantize.formats"], string.Join(", ", formats));
        if (Speed is [var before, var after]) yield return (say["quantize.speed"], $"{before:F1} → {after:F1} ({after / before:F2}×)");
        if (Quality is not { } q) yield break;
        var (more, over) = (q.Nll - q.AgainstNll, say.Text("quantize.over", $"{q.Tokens:N0}"));
        yield return (say["eval.nll"], $"{q.AgainstNll:F4} → {q.Nll:F4} ({more:+0.0000;−0.0000;0}), {over}");
        var bound = MaxKl is { } most ? " " + say.Text("quantize.bound", most) : "";
        var (kl99, sameTop) = ($"{say["eval.kl-99"]} {q.Kl99:F5}", $"{say["eval.same-top"]} {100 * q.SameTop:F2} %");
        yield return (say["eval.mean-kl"], $"{q.MeanKl:F5}{bound}; {kl99}; {sameTop}");
    }
}
