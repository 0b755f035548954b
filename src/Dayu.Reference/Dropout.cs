using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void Dropout(Tensor y, Tensor x, float rate, ulong key)
    {
        for (var t = 0; t < x.Rows; t++)
            for (var c = 0; c < x.Width; c++)
                Row(y, t)[c] = CounterRng.Keeps(key, (long)t * x.Width + c, rate) ? Read(x, t)[c] / (1 - rate) : 0;
    }
}
