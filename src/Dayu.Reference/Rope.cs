using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void RopeAngles(Tensor y, Tensor positions, Tensor frequencies, float magnitude)
    {
        ReadOnlySpan<int> p = Ints(positions);
        ReadOnlySpan<float> f = Read(frequencies, 0);
        for (var t = 0; t < p.Length; t++)
            for (var i = 0; i < f.Length; i++)
            {
                var angle = p[t] * f[i];                            // rounded to float32, as other implementations do
                Row(y, t)[i] = (float)(Math.Cos(angle) * magnitude);
                Row(y, t)[f.Length + i] = (float)(Math.Sin(angle) * magnitude);
            }
    }

    /// <summary>(a, b) → (a·cos − b·sin, a·sin + b·cos) for each pair of each head.</summary>
    public override void Rope(Tensor y, Tensor x, Tensor angles, RopeSpec spec, int direction, bool add)
    {
        var pairs = spec.Width / 2;
        var turned = new double[spec.HeadWidth];
        for (var t = 0; t < x.Rows; t++)
            for (var start = 0; start < x.Width; start += spec.HeadWidth)
            {
                var head = Read(x, t).Slice(start, spec.HeadWidth);
                for (var c = 0; c < head.Length; c++) turned[c] = head[c];
                for (var i = 0; i < pairs; i++)
                {
                    var (a, b) = spec.Interleaved ? (2 * i, 2 * i + 1) : (i, pairs + i);
                    double cos = Read(angles, t)[i], sin = direction * Read(angles, t)[pairs + i];
                    turned[a] = head[a] * cos - head[b] * sin;
                    turned[b] = head[a] * sin + head[b] * cos;
                }
                for (var c = 0; c < head.Length; c++) Row(y, t)[start + c] = (float)(turned[c] + (add ? Row(y, t)[start + c] : 0));
            }
    }
}
