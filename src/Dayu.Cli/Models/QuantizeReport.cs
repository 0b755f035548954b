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
    public DivergenceResult? Quality { get; set; }

    /// <summary>The bound that was checked; null: none was.</summary>
    public double? MaxKl { get; init; }

    public void Tell(CommandContext call)
    {
        var (formats, bytes, encoded) = (Quantizer.Formats, new FileInfo(Path).Length, Quantizer.Targets.Values.Count(t => t.Wanted is not null));
        var (bits, bitsBefore) = (8.0 * formats.Sum(f => f.Bytes) / parameters, 8.0 * dataBefore / parameters);
        var json = new JsonObject
        {
            ["v"] = 1, ["path"] = Path, ["to"] = To, ["pure"] = Pure, ["tensors"] = encoded,
            ["formats"] = new JsonArray([.. formats.Select(f => new JsonObject { ["name"] = f.DType.Name, ["tensors"] = f.Tensors, ["bytes"] = f.Bytes })]),
            ["fallbacks"] = new JsonObject(Quantizer.Fallbacks.Select(f => KeyValuePair.Create(f.Tensor.Name, (JsonNode?)f.Target.Given.Name))),
            ["bytes_before"] = BytesBefore, ["bytes_after"] = bytes, ["bits_per_weight_before"] = Math.Round(bitsBefore, 4), ["bits_per_weight_after"] = Math.Round(bits, 4), ["seconds"] = Math.Round(Time.TotalSeconds, 3),
            ["tok_s_before"] = Speed?[0], ["tok_s_after"] = Speed?[1],
            ["quality"] = Quality is not { } q ? null : new JsonObject
            {
                ["tokens"] = q.Tokens, ["nll_before"] = q.AgainstNll, ["nll_after"] = q.Nll, ["perplexity_before"] = q.AgainstPerplexity, ["perplexity_after"] = q.Perplexity,
                ["mean_kl"] = q.MeanKl, ["kl_99"] = q.Kl99, ["same_top"] = q.SameTop, ["max_kl"] = MaxKl,
            },
        };
        var say = call.Say;
        List<(string, string)> pairs =
        [
            (System.IO.Path.GetFileName(Path), $"{Units.Bytes(BytesBefore)} → {Units.Bytes(bytes)} ({100.0 * (bytes - BytesBefore) / BytesBefore:+0;−0;0} %), {say.Text("quantize.bits", $"{bitsBefore:F2}", $"{bits:F2}")}"),
            (say["quantize.formats"], string.Join(", ", formats.Select(f => say.Text("quantize.format", f.DType.Name, f.Tensors, Units.Bytes(f.Bytes))))),
        ];
        if (Speed is [var before, var after]) pairs.Add((say["quantize.speed"], $"{before:F1} → {after:F1} ({after / before:F2}×)"));
        if (Quality is { } r)
        {
            pairs.Add((say["eval.nll"], $"{r.AgainstNll:F4} → {r.Nll:F4} ({r.Nll - r.AgainstNll:+0.0000;−0.0000;0}), {say.Text("quantize.over", $"{r.Tokens:N0}")}"));
            pairs.Add((say["eval.mean-kl"], $"{r.MeanKl:F5}{(MaxKl is { } most ? " " + say.Text("quantize.bound", most) : "")}; {say["eval.kl-99"]} {r.Kl99:F5}; {say["eval.same-top"]} {100 * r.SameTop:F2} %"));
        }
        call.Out.Result(json, Table.Pairs([.. pairs]));
    }
}
