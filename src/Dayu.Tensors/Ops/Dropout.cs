namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>
    /// Sets a share of the values to 0 and scales the rest up. Srivastava et al. 2014. The randomness is counted, not
    /// drawn: whether value i stays depends on (key, i) alone, so that running a block again, or resuming, gives the
    /// same mask on any number of threads.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="rate">0 … below 1; 0 is x itself.</param>
    /// <param name="key">Seed, step and place in the model, mixed (<see cref="CounterRng.Mix(ulong, ulong)"/>).</param>
    public static Tensor Dropout(Tensor x, float rate, ulong key)
    {
        Check.That(rate is >= 0 and < 1, "dropout", $"rate is {rate}, expected 0 … below 1");
        Check.Floats("dropout", x);
        if (rate == 0) return x;
        var y = x.Like();
        x.On.Dropout(y, x, rate, key);
        return y.Follows(x) ? y.Records(DropoutBackward(x, rate, key)) : y;
    }

    static Action<Tensor> DropoutBackward(Tensor x, float rate, ulong key) => dy =>
    {
        var d = dy.Like();
        dy.On.Dropout(d, dy, rate, key);
        dy.On.Accumulate(x.Grad, d);
    };
}

/// <summary>Random numbers by counting: the n-th is a function of n.</summary>
public static class CounterRng
{
    /// <summary>The n-th of a stream: SplitMix64 (Steele, Lea &amp; Flood 2014) at state key + n.</summary>
    public static ulong Mix(ulong key, ulong n) => Mix(key + (n + 1) * 0x9E3779B97F4A7C15);

    /// <summary>Its finalizer: a one-to-one map by which numbers that are near become unlike.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <summary>Whether value n stays when a share of <paramref name="rate"/> is dropped.</summary>
    public static bool Keeps(ulong key, long n, float rate) => (uint)(Mix(key, (ulong)n) >> 40) >= (uint)(rate * (1 << 24));
}

public abstract partial class Backend
{
    /// <summary>y[i] = x[i] / (1 − rate) where <see cref="CounterRng.Keeps"/>, else 0.</summary>
    public abstract void Dropout(Tensor y, Tensor x, float rate, ulong key);
}
