using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// What a file is to be quantised to: a number format, and which kinds of matrices get another because a model suffers
/// most there. The mixtures and their names are llama.cpp's; that their types are its types, tensor by tensor, is
/// tested against what it chose.
/// </summary>
/// <param name="Name">As on the command line: <c>q4_k_m</c>.</param>
/// <param name="FileType">llama.cpp's number of it (<c>general.file_type</c>, <c>llama_ftype</c>).</param>
/// <param name="Format">What most matrices get.</param>
public sealed record QuantMix(string Name, int FileType, DType Format)
{
    static readonly DType q2_k = DType.Named("q2_k"), q3_k = DType.Named("q3_k"), q4_k = DType.Named("q4_k");
    static readonly DType q5_k = DType.Named("q5_k"), q6_k = DType.Named("q6_k"), q8_0 = DType.Named("q8_0");
    static readonly DType q4_0 = DType.Named("q4_0"), q5_0 = DType.Named("q5_0"), q5_1 = DType.Named("q5_1");
    static readonly DType iq4_nl = DType.Named("iq4_nl"), mxfp4 = DType.Named("mxfp4");

    /// <summary>Every mixture, plain formats among them.</summary>
    public static IReadOnlyList<QuantMix> Known { get; } =
    [
        new("f32", 0, DType.F32), new("f16", 1, DType.F16), new("bf16", 32, DType.BF16),
        new("q8_0", 7, q8_0) { Output = q8_0 },
        new("q6_k", 18, q6_k) { Output = q6_k },
        new("q5_k_m", 17, q5_k) { Output = q6_k, Values = At.Sensitive(q6_k), Down = At.Sensitive(q6_k) },
        new("q5_k_s", 16, q5_k) { Output = q6_k },
        new("q5_1", 9, q5_1) { Output = q6_k },
        new("q5_0", 8, q5_0) { Output = q6_k },
        new("q4_k_m", 15, q4_k) { Output = q6_k, Values = At.Sensitive(q6_k), Down = At.Sensitive(q6_k), OutputOfEight = q5_k },
        new("q4_k_s", 14, q4_k)
        {
            Output = q6_k,
            Values = at => at.Index < 4 ? q5_k : null,
            Down = at => at.IsInFirst(8) ? q5_k : null,
            OutputOfEight = q5_k,
        },
        new("iq4_nl", 25, iq4_nl)
        {
            Output = q6_k,
            Values = at => at.Sharing >= 4 ? q5_k : null,
            Down = at => at.IsInFirst(8) ? q5_k : null,
            OutputOfEight = q5_k,
        },
        new("q4_1", 3, DType.Named("q4_1")) { Output = q6_k },
        new("q4_0", 2, q4_0) { Output = q6_k },
        new("q3_k_l", 13, q3_k) { Output = q6_k, Values = _ => q5_k, Down = _ => q5_k, AttentionOutput = q5_k },
        new("q3_k_m", 12, q3_k)
        {
            Output = q6_k,
            Values = at => at.Index < 2 ? q5_k : q4_k,
            Down = at => at.IsInFirst(16) ? q5_k : q4_k,
            AttentionOutput = q4_k,
            OutputOfEight = q5_k,
        },
        new("q3_k_s", 11, q3_k) { Output = q6_k, OutputOfEight = q5_k },
        new("q2_k", 10, q2_k)
        {
            Output = q6_k,
            Values = at => at.Sharing >= 4 ? q4_k : q3_k,
            Down = _ => q3_k,
            AttentionOutput = q3_k,
            OutputOfEight = q5_k,
        },
        new("q2_k_s", 21, q2_k) { Output = q6_k, Values = at => at.Sharing >= 4 ? q4_k : null, Down = at => at.IsInFirst(8) ? q4_k : null },
        new("mxfp4_moe", 38, mxfp4) { Output = q8_0, NotExperts = q8_0 },
        new("mxfp4", 38, mxfp4),
    ];

    /// <summary>Short names: llama.cpp's, and bits alone.</summary>
    static readonly Dictionary<string, string> shorts = new()
    {
        ["q3_k"] = "q3_k_m", ["q4_k"] = "q4_k_m", ["q5_k"] = "q5_k_m",
        ["q2"] = "q2_k", ["q3"] = "q3_k_m", ["q4"] = "q4_k_m", ["q5"] = "q5_k_m", ["q6"] = "q6_k", ["q8"] = "q8_0",
    };

    /// <summary>Every name that <see cref="Find"/> knows.</summary>
    public static IEnumerable<string> Names => Known.Select(m => m.Name).Concat(shorts.Keys);

    /// <summary>The output matrix, or the table of words where that is both.</summary>
    public DType? Output { get; init; }

    /// <summary>Matrices that make values in attention: one of them is shared by several query heads.</summary>
    internal Func<At, DType?>? Values { get; init; }

    /// <summary>The way down in an MLP, back to the width of the model.</summary>
    internal Func<At, DType?>? Down { get; init; }

    /// <summary>Attention's output.</summary>
    internal DType? AttentionOutput { get; init; }

    /// <summary>The same in a model of eight experts, in which attention is small.</summary>
    internal DType? OutputOfEight { get; init; }

    /// <summary>All that is no stack of experts.</summary>
    internal DType? NotExperts { get; init; }

    /// <summary>The mixture of that name, whatever its case; null: there is none.</summary>
    public static QuantMix? Find(string name)
    {
        name = name.ToLowerInvariant();
        return Known.FirstOrDefault(m => m.Name == shorts.GetValueOrDefault(name, name));
    }

    /// <summary>The same format for every matrix.</summary>
    public QuantMix Pure() => new(Name, FileType, Format);

    /// <summary>
    /// What a row gets that is no whole number of blocks: the next best format whose blocks fit, half precision at
    /// last.
    /// </summary>
    public static DType Fitting(DType wanted, long width)
    {
        if (width % wanted.BlockValues == 0) return wanted;
        var smaller = wanted == q2_k || wanted == q3_k ? q4_0
            : wanted == q4_k ? q5_0
            : wanted == q5_k ? q5_1
            : wanted == q6_k ? q8_0
            : DType.F16;
        return width % smaller.BlockValues == 0 ? smaller : DType.F16;
    }

    /// <summary>Where a matrix stands among those of its kind.</summary>
    /// <param name="Index">From 0, in order of layers.</param>
    /// <param name="Count">How many there are.</param>
    /// <param name="Sharing">Query heads to a key-value head.</param>
    internal readonly record struct At(int Index, int Count, int Sharing)
    {
        /// <summary>Among the first one-so-manieth.</summary>
        public bool IsInFirst(int share) => Index < Count / share;

        /// <summary>In the first and the last eighth, and every third between: where errors cost most.</summary>
        public static Func<At, DType?> Sensitive(DType better) =>
            at => at.IsInFirst(8) || at.Index >= 7 * at.Count / 8 || (at.Index - at.Count / 8) % 3 == 2 ? better : null;
    }
}
