using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Drops a share of the values while training, where the pass says so; see <see cref="Op.Dropout"/>.</summary>
/// <param name="w">Its place.</param>
/// <param name="rate">0 … below 1.</param>
public sealed class Dropout(Weights w, float rate)
{
    readonly ulong place = DropoutSeed.PlaceOf(w.Path);

    /// <summary>Any shape; as it is where <see cref="Pass.Dropout"/> is null.</summary>
    public Tensor Forward(Tensor x, Pass p) => p.Dropout is { } seed ? Op.Dropout(x, rate, seed.Key(place)) : x;
}
