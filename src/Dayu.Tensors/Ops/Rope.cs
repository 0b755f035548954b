namespace Dayu.Tensors;

/// <summary>
/// Rotary position embedding: which values turn together, and how fast. Su et al. 2021, arXiv:2104.09864.
/// </summary>
/// <param name="HeadWidth">Values of a head, D.</param>
/// <param name="Width">How many of them turn (the first R of each head); even.</param>
/// <param name="Theta">Base of the frequencies θ^(−2i/R).</param>
/// <param name="Interleaved">Pairs (0, 1), (2, 3) … as in the paper; else (0, R/2), (1, R/2 + 1) … as Hugging Face
/// stores them.</param>
/// <param name="Scaling">How the frequencies are stretched for contexts longer than the training's; null: not.</param>
public sealed record RopeSpec(int HeadWidth, int Width, float Theta, bool Interleaved = false, RopeScaling? Scaling = null)
{
    /// <summary>Every value turns, pairs as Hugging Face stores them.</summary>
    public RopeSpec(int headWidth, float theta, RopeScaling? scaling = null) : this(headWidth, headWidth, theta, Scaling: scaling) { }

    /// <summary>Radians a position, for each of the R/2 pairs.</summary>
    public float[] Frequencies()
    {
        var f = new double[Width / 2];
        for (var i = 0; i < f.Length; i++) f[i] = Math.Pow(Theta, -2.0 * i / Width);
        Scaling?.Apply(f, Theta);
        return Array.ConvertAll(f, v => (float)v);
    }

    /// <summary>Factor on sine and cosine (yarn's), else 1.</summary>
    public float Magnitude => Scaling?.Magnitude ?? 1;
}

public static partial class Op
{
    /// <summary>Cosine and sine of every position and pair: once a pass, for all layers.</summary>
    /// <param name="positions">I32 [T]</param>
    /// <param name="spec">Frequencies.</param>
    /// <returns>[T, R]: R/2 cosines, then R/2 sines, times <see cref="RopeSpec.Magnitude"/>.</returns>
    public static Tensor RopeAngles(Tensor positions, RopeSpec spec)
    {
        Check.Ints("rope", positions);
        var frequencies = positions.Arena.New(spec.Width / 2).Set(spec.Frequencies());
        var y = positions.Arena.New(positions.Width, spec.Width);
        positions.On.RopeAngles(y, positions, frequencies, spec.Magnitude);
        return y;
    }

    /// <summary>Turns each pair of each head by its position's angle.</summary>
    /// <param name="x">[T, H·D]</param>
    /// <param name="angles">[T, R] from <see cref="RopeAngles"/>.</param>
    /// <param name="spec">Head width and pairing.</param>
    /// <returns>[T, H·D]</returns>
    public static Tensor Rope(Tensor x, Tensor angles, RopeSpec spec)
    {
        Check.Floats("rope", x, angles);
        Check.Width("rope", angles, spec.Width);
        Check.Rows("rope", angles, x.Rows);
        Check.That(x.Width % spec.HeadWidth == 0 && spec.Width <= spec.HeadWidth && spec.Width % 2 == 0, "rope",
            $"{spec.Width} of {spec.HeadWidth} values a head, and x is {x.Shape}; "
                + $"expected an even number of at most a head's width, and rows of whole heads");
        var y = x.Like();
        x.On.Rope(y, x, angles, spec, 1, add: false);
        return y.Follows(x) ? y.Records(RopeBackward(x, angles, spec)) : y;
    }

    static Action<Tensor> RopeBackward(Tensor x, Tensor angles, RopeSpec spec) => dy => dy.On.Rope(x.Grad, dy, angles, spec, -1, add: true);
}

public abstract partial class Backend
{
    /// <summary>
    /// y[t] = magnitude · (cos(p·f₀) …, sin(p·f₀) …) with p = positions[t]; the product p·f is rounded to float32, as
    /// the references do.
    /// </summary>
    public abstract void RopeAngles(Tensor y, Tensor positions, Tensor frequencies, float magnitude);

    /// <summary>
    /// y = (added to, or set to) x with its pairs turned by direction · angle; the rest of a head as it is. direction
    /// −1 is the transpose: the backward pass.
    /// </summary>
    public abstract void Rope(Tensor y, Tensor x, Tensor angles, RopeSpec spec, int direction, bool add);
}
