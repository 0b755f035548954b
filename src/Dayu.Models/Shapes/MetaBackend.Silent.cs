using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Kernels whose work is small beside that of products: nothing is counted.</summary>
sealed partial class MetaBackend
{
    /// <summary>In one pass: nothing is kept but gate and up.</summary>
    public override Tensor SwiGlu(Tensor gate, Tensor up)
    {
        var y = gate.Like();
        return y.Follows(gate, up) ? y.Records(_ => TouchGradients(gate, up)) : y;
    }

    /// <summary>A backward pass takes memory for the gradients that it adds to.</summary>
    static int TouchGradients(params ReadOnlySpan<Tensor> inputs)
    {
        var touched = 0;
        foreach (var input in inputs) touched += input.GradOrNull is null ? 0 : 1;
        return touched;
    }

    /// <inheritdoc/>
    public override void Fill(Tensor y, float value) { }

    /// <inheritdoc/>
    public override void Gather(Tensor y, Tensor table, Tensor rows) { }

    /// <inheritdoc/>
    public override void GatherBackward(Tensor dtable, Tensor dy, Tensor rows) { }

    /// <inheritdoc/>
    public override void Scatter(Tensor table, Tensor x, Tensor rows) { }

    /// <inheritdoc/>
    public override void CopyColumns(Tensor y, int to, Tensor x, int from, int width) { }

    /// <inheritdoc/>
    public override void AddColumns(Tensor y, int to, Tensor x, int from, int width) { }

    /// <inheritdoc/>
    public override void CrossEntropy(Tensor loss, Tensor lse, in CrossEntropyOf of) { }

    /// <inheritdoc/>
    public override void CrossEntropyBackward(Tensor dlogits, Tensor dloss, Tensor lse, in CrossEntropyOf of) { }

    /// <inheritdoc/>
    public override void KlDivergence(Tensor loss, Tensor lse, in KlDivergenceOf of) { }

    /// <inheritdoc/>
    public override void KlDivergenceBackward(Tensor dstudent, Tensor dloss, Tensor lse, in KlDivergenceOf of) { }

    /// <inheritdoc/>
    public override void Softmax(Tensor y, Tensor x) { }

    /// <inheritdoc/>
    public override void SoftmaxBackward(Tensor dx, Tensor dy, Tensor y) { }

    /// <inheritdoc/>
    public override void RmsNorm(Tensor y, Tensor rstd, Tensor x, Tensor g, float eps) { }

    /// <inheritdoc/>
    public override void RmsNormBackward(Tensor? dx, Tensor? dg, Tensor dy, Tensor x, Tensor g, Tensor rstd) { }

    /// <inheritdoc/>
    public override void LayerNorm(Tensor y, Tensor mean, Tensor rstd, Tensor x, Tensor g, Tensor b, float eps) { }

    /// <inheritdoc/>
    public override void LayerNormBackward(
        Tensor? dx, Tensor? dg, Tensor? db, Tensor dy, Tensor x, Tensor g, Tensor mean, Tensor rstd) { }

    /// <inheritdoc/>
    public override void AdamW(Tensor x, Tensor m, Tensor v, Tensor dx, AdamWStep step) { }

    /// <inheritdoc/>
    public override void AccumulateScaled(Tensor y, Tensor x, float factor) { }

    /// <inheritdoc/>
    public override void Lerp(Tensor y, Tensor x, float share) { }

    /// <inheritdoc/>
    public override void Exchange(Tensor x, Tensor y) { }

    /// <inheritdoc/>
    public override double SumOfSquares(Tensor x) => 0;

    /// <inheritdoc/>
    public override void Unary<TFn>(Tensor y, Tensor x) { }

    /// <inheritdoc/>
    public override void UnaryBackward<TFn>(Tensor dx, Tensor dy, Tensor x) { }

    /// <inheritdoc/>
    public override void Add(Tensor y, Tensor a, Tensor b) { }

    /// <inheritdoc/>
    public override void Mul(Tensor y, Tensor a, Tensor b) { }

    /// <inheritdoc/>
    public override void Scale(Tensor y, Tensor x, float factor) { }

    /// <inheritdoc/>
    public override void Accumulate(Tensor y, Tensor x) { }

    /// <inheritdoc/>
    public override void AccumulateProduct(Tensor y, Tensor a, Tensor b) { }

    /// <inheritdoc/>
    public override void RopeAngles(Tensor y, Tensor positions, Tensor frequencies, float magnitude) { }

    /// <inheritdoc/>
    public override void Rope(Tensor y, Tensor x, Tensor angles, RopeSpec spec, int direction, bool add) { }

    /// <inheritdoc/>
    public override void Dropout(Tensor y, Tensor x, float rate, ulong key) { }
}
