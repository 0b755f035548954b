using Dayu.Models;

namespace Dayu.Inference;

/// <summary>How the states of a text's tokens become one vector.</summary>
public enum PoolingMode
{
    /// <summary>That of the first token, [CLS].</summary>
    Cls,

    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The largest value of each component.</summary>
    Max,

    /// <summary>The sum over the root of their number.</summary>
    MeanSqrtLength,

    /// <summary>The mean with weights 1, 2, 3, … (SGPT).</summary>
    WeightedMean,

    /// <summary>That of the last token.</summary>
    Last,
}

/// <summary>Pooling as <c>1_Pooling/config.json</c> says; several ways are put one behind another.</summary>
/// <param name="modes">The ways.</param>
/// <param name="states">Values of a state, C.</param>
sealed class Pooling(PoolingMode[] modes, int states)
{
    /// <summary>In the order in which sentence-transformers joins them.</summary>
    static readonly (string Key, PoolingMode Mode)[] keys =
    [
        ("pooling_mode_cls_token", PoolingMode.Cls),
        ("pooling_mode_max_tokens", PoolingMode.Max),
        ("pooling_mode_mean_tokens", PoolingMode.Mean),
        ("pooling_mode_mean_sqrt_len_tokens", PoolingMode.MeanSqrtLength),
        ("pooling_mode_weightedmean_tokens", PoolingMode.WeightedMean),
        ("pooling_mode_lasttoken", PoolingMode.Last),
    ];

    /// <summary>Values of the vector.</summary>
    public int Width => modes.Length * states;

    /// <summary>Reads a module's configuration.</summary>
    /// <exception cref="InvalidDataException">It names no way, or states of another width than the network's.</exception>
    public static Pooling Read(string path, int states)
    {
        var config = JsonFields.Read(path);
        if (config.Whole("word_embedding_dimension") is { } width && width != states)
            throw new InvalidDataException($"{path}: word_embedding_dimension is {width}, the network's states have {states} values");
        PoolingMode[] modes = [.. keys.Where(k => config.Flag(k.Key) == true).Select(k => k.Mode)];
        return modes.Length > 0 ? new(modes, states)
            : throw new InvalidDataException($"{path} switches no pooling on; known: {string.Join(", ", keys.Select(k => k.Key))}");
    }

    /// <summary>GGUF's <c>pooling_type</c>.</summary>
    /// <exception cref="NotSupportedException">No pooling, or ranking.</exception>
    public static Pooling OfGguf(int type, int states) => type switch
    {
        1 => new([PoolingMode.Mean], states),
        2 => new([PoolingMode.Cls], states),
        3 => new([PoolingMode.Last], states),
        _ => throw new NotSupportedException(
            $"GGUF pooling_type {type} gives no vector of a text; known: 1 (mean), 2 (first token), 3 (last token)"),
    };

    /// <summary>States [T, C], at least one, as one vector.</summary>
    public float[] Pool(ReadOnlySpan<float> hidden)
    {
        var (y, count) = (new float[Width], hidden.Length / states);
        for (var m = 0; m < modes.Length; m++)
            for (var c = 0; c < states; c++) y[m * states + c] = (float)Component(modes[m], hidden[c..], count);
        return y;
    }

    double Component(PoolingMode mode, ReadOnlySpan<float> hidden, int count)
    {
        if (mode is PoolingMode.Cls or PoolingMode.Last) return hidden[mode == PoolingMode.Cls ? 0 : (count - 1) * states];
        var (sum, weights, most) = (0.0, 0.0, double.NegativeInfinity);
        for (var t = 0; t < count; t++)
        {
            double x = hidden[t * states], weight = mode == PoolingMode.WeightedMean ? t + 1 : 1;
            (sum, weights, most) = (sum + weight * x, weights + weight, Math.Max(most, x));
        }
        return mode switch { PoolingMode.Max => most, PoolingMode.MeanSqrtLength => sum / Math.Sqrt(count), _ => sum / weights };
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" + ", modes.Select(m => m.ToString().ToLowerInvariant()));
}
