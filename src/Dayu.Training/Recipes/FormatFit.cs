using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// Whether a model's shapes fit number formats: a row is a whole number of blocks, or the weight cannot be quantised so.
/// </summary>
/// <param name="Block">Values in a block: 32, 256.</param>
/// <param name="Formats">Names of the formats with such blocks.</param>
/// <param name="Widths">Widths of matrices that are no multiple of it, ascending; none: everything fits.</param>
/// <param name="Vocabulary">The number of tokens, where it is no multiple of 32; else null.</param>
public sealed record FormatFit(int Block, string[] Formats, int[] Widths, int? Vocabulary)
{
    const int Rows = 32;

    /// <summary>Whether everything fits.</summary>
    public bool Fits => Widths.Length == 0 && Vocabulary is null;

    /// <summary>For each size of blocks, small ones first.</summary>
    public static FormatFit[] Of(LoadedModel model)
    {
        var matrices = model.Weights.Values.Where(w => w.Tensor.Shape.Rank == 2 && w.IsMultiplied);
        int[] widths = [.. matrices.Select(w => w.In).Distinct().Order()];
        int? odd = model.Net is ICausalLm { Vocabulary: var count } && count % Rows != 0 ? count : null;
        return [.. DType.Known.Where(d => d.IsQuantised).GroupBy(d => d.BlockValues).OrderBy(g => g.Key)
            .Select(g => new FormatFit(g.Key, [.. g.Select(d => d.Name)], [.. widths.Where(w => w % g.Key != 0)], odd))];
    }
}
