using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void CopyColumns(Tensor y, int to, Tensor x, int from, int width)
    {
        for (var t = 0; t < x.Rows; t++)
            for (var c = 0; c < width; c++) Row(y, t)[to + c] = Read(x, t)[from + c];
    }

    /// <inheritdoc/>
    public override void AddColumns(Tensor y, int to, Tensor x, int from, int width)
    {
        for (var t = 0; t < x.Rows; t++)
            for (var c = 0; c < width; c++) Row(y, t)[to + c] += Read(x, t)[from + c];
    }
}
