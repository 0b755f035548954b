using System.Text.RegularExpressions;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>What a tensor gets.</summary>
/// <param name="Wanted">What the mixture says; null: it stays as it is.</param>
/// <param name="Given">What it gets: another format where its rows are no whole number of blocks.</param>
public readonly record struct QuantTarget(DType? Wanted, DType Given)
{
    /// <summary>Whether it gets another format than the mixture says.</summary>
    public bool FellBack => Wanted is { } w && w != Given;
}

/// <summary>What of a model the choice of formats depends on.</summary>
/// <param name="Architecture">As GGUF calls it.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KvHeads">Key-value heads.</param>
/// <param name="Experts">0: none.</param>
public sealed record QuantFacts(string Architecture, int Layers, int Heads, int KvHeads, int Experts)
{
    /// <summary>From a GGUF file's metadata. Where heads differ between layers, the first layer's count.</summary>
    public static QuantFacts Of(GgufMetadata m)
    {
        var architecture = m.Text("general.architecture", "");
        var heads = Count("attention.head_count", 1);
        return new(architecture, Count("block_count", 0), heads, Count("attention.head_count_kv", heads), Count("expert_count", 0));

        int Count(string key, int fallback) =>
            $"{architecture}.{key}" is var k && m.Has(k) && m.TypeOf(k) == GgufType.Array
                ? m.Ints(k) is [var first, ..] ? first : fallback
                : m.Int(k, fallback);
    }

    /// <summary>Query heads to a key-value head.</summary>
    internal int Sharing => KvHeads > 0 ? Heads / KvHeads : 1;

    /// <summary>
    /// The largest Llamas (2 and 3 of 70 billion, Qwen of 72): eight heads share a key-value head, and better values
    /// cost next to nothing.
    /// </summary>
    internal bool IsSeventyBillion => Layers == 80 && (Architecture == "qwen2" || Architecture == "llama" && Heads != KvHeads);
}

/// <summary>Which tensor of a model gets which number format: the mixture's table, read for this model.</summary>
internal static partial class QuantPlan
{
    /// <summary>
    /// Names or parts of names of what is read by other means than a multiplication, or so small that precision is
    /// free: positions, kinds of segments, the choice of experts, recurrences.
    /// </summary>
    static readonly string[] untouched =
    [
        "_norm.weight", "position_embd.weight", "token_types.weight", "ffn_gate_inp.weight", "attn_rel_b.weight",
        "altup", "laurel", "per_layer_model_proj", "ssm_conv1d", "shortconv.conv.weight", "time_mix_",
    ];

    static readonly string[] values = ["attn_v.weight", "attn_qkv.weight", "attn_kv_b.weight"];

    static readonly DType q4_k = DType.Named("q4_k"), q5_k = DType.Named("q5_k"), q3_k = DType.Named("q3_k"), q8_0 = DType.Named("q8_0");

    /// <summary>What each tensor gets, by name.</summary>
    /// <param name="tensors">Name, number format and shape of each, under GGUF's names.</param>
    /// <param name="facts">Of the model.</param>
    /// <param name="mix">What is wanted.</param>
    public static Dictionary<string, QuantTarget> Of(
        IReadOnlyCollection<(string Name, DType DType, Shape Shape)> tensors, QuantFacts facts, QuantMix mix)
    {
        var targets = new Dictionary<string, QuantTarget>(tensors.Count);
        var hasOutput = tensors.Any(t => t.Name == "output.weight");
        var (valueCount, valuesSeen, downSeen) = (tensors.Count(t => IsAny(t.Name, values)), 0, 0);
        foreach (var (name, dtype, shape) in tensors.OrderBy(t => Layer(t.Name)).ThenBy(t => t.Name, StringComparer.Ordinal))
            if (Stays(name, dtype, shape))                            // vectors are expected in float32
                targets[name] = new(null, shape.Rank < 2 && !dtype.IsQuantised && dtype != DType.I32 ? DType.F32 : dtype);
            else targets[name] = Wanted(name, shape) is var wanted ? new(wanted, QuantMix.Fitting(wanted, shape[^1])) : default;
        return targets;

        DType Wanted(string name, Shape shape)
        {
            if (mix.Output is not { } output) return mix.Format;
            if (name == "output.weight" || !hasOutput && name.EndsWith("token_embd.weight", StringComparison.Ordinal)) return output;
            if (mix.NotExperts is { } other && !(shape.Rank > 2 && shape[0] > 1)) return other;
            if (IsAny(name, values))
            {
                var found = mix.Values?.Invoke(new(valuesSeen++, valueCount, facts.Sharing)) ?? mix.Format;
                return facts.Experts == 8 ? q8_0 : facts.IsSeventyBillion && (found == q3_k || found == q4_k) ? q5_k : found;
            }
            if (name.Contains("attn_k.weight", StringComparison.Ordinal)) return facts.Experts == 8 ? q8_0 : mix.Format;
            if (name.Contains("attn_output.weight", StringComparison.Ordinal))
                return (facts.Experts == 8 ? mix.OutputOfEight : mix.AttentionOutput) ?? mix.Format;
            if (name.Contains("ffn_down", StringComparison.Ordinal))
                return mix.Down?.Invoke(new(facts.Experts > 1 ? Layer(name) : downSeen++, facts.Layers, facts.Sharing)) ?? mix.Format;
            return mix.Format;
        }
    }

    static bool Stays(string name, DType dtype, Shape shape) =>
        shape.Count == shape[^1] || dtype == DType.I32 || !name.EndsWith("weight", StringComparison.Ordinal) || IsAny(name, untouched);

    static bool IsAny(string name, string[] parts) => parts.Any(part => name.Contains(part, StringComparison.Ordinal));

    static int Layer(string name) => LayerNumber().Match(name) is { Success: true } m ? int.Parse(m.Groups[1].ValueSpan) : -1;

    [GeneratedRegex(@"^blk\.(\d{1,9})\.")]
    private static partial Regex LayerNumber();
}
