using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// How a weight starts where it is not loaded: a value that the layer gives where it asks for the weight.
/// </summary>
public abstract record Init
{
    /// <summary>All 0: biases.</summary>
    public static Init Zeros { get; } = new Constant(0);

    /// <summary>All 1: gains of norms.</summary>
    public static Init Ones { get; } = new Constant(1);

    /// <summary>Drawn from N(0, σ²); GPT-2's σ is 0.02.</summary>
    public static Init Normal(float deviation = 0.02f) => new Gaussian(deviation);

    /// <summary>
    /// Of a projection whose result is added to the residual stream: drawn from N(0, σ²), or 0 where a configuration says so
    /// (<c>zero_init_outputs</c>): every block then starts as doing nothing.
    /// </summary>
    public static Init IntoResidual(float deviation = 0.02f) => new Output(deviation);

    /// <summary>Drawn evenly from −a … a.</summary>
    public static Init Uniform(float bound) => new Even(bound);

    /// <summary>Drawn evenly from ±√(6 / (in + out)) of a matrix [out, in]. Glorot &amp; Bengio 2010.</summary>
    public static Init Xavier { get; } = new Scaled(shape => new Even(MathF.Sqrt(6f / (shape[0] + shape[^1]))));

    /// <summary>Drawn from N(0, 2 / in) of a matrix [out, in]. He et al. 2015, arXiv:1502.01852.</summary>
    public static Init He { get; } = new Scaled(shape => new Gaussian(MathF.Sqrt(2f / shape[^1])));

    /// <summary>Fills a weight's values.</summary>
    /// <param name="values">All of them, row by row.</param>
    /// <param name="shape">The weight's.</param>
    /// <param name="key">Same key, same values.</param>
    /// <param name="gain">Factor on what is drawn.</param>
    internal abstract void Fill(Span<float> values, Shape shape, ulong key, float gain);

    sealed record Constant(float Value) : Init
    {
        internal override void Fill(Span<float> values, Shape shape, ulong key, float gain) => values.Fill(Value);
    }

    sealed record Gaussian(float Deviation) : Init
    {
        /// <summary>Box &amp; Muller 1958.</summary>
        internal override void Fill(Span<float> values, Shape shape, ulong key, float gain)
        {
            double spread = gain * Deviation;
            for (var i = 0; i < values.Length; i++)
            {
                var u = (Bits(key, 2 * (ulong)i) + 1) * (1.0 / (1L << 53));
                values[i] = (float)(spread * Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * Unit(key, 2 * (ulong)i + 1)));
            }
        }
    }

    /// <summary>See <see cref="IntoResidual"/>.</summary>
    internal sealed record Output(float Deviation) : Init
    {
        internal override void Fill(Span<float> values, Shape shape, ulong key, float gain) =>
            Normal(Deviation).Fill(values, shape, key, gain);
    }

    sealed record Even(float Bound) : Init
    {
        internal override void Fill(Span<float> values, Shape shape, ulong key, float gain)
        {
            for (var i = 0; i < values.Length; i++) values[i] = (float)(gain * Bound * (2 * Unit(key, (ulong)i) - 1));
        }
    }

    sealed record Scaled(Func<Shape, Init> Of) : Init
    {
        internal override void Fill(Span<float> values, Shape shape, ulong key, float gain) => Of(shape).Fill(values, shape, key, gain);
    }

    static ulong Bits(ulong key, ulong n) => CounterRng.Mix(key, n) >> 11;

    /// <summary>From 0, below 1.</summary>
    static double Unit(ulong key, ulong n) => Bits(key, n) * (1.0 / (1L << 53));
}
