using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>How large: rows T, width C, outputs N, width of an attention head D (even).</summary>
public readonly record struct Size(int T, int C, int N, int D);

/// <summary>
/// One input of a case: numbers of this format and shape, or these integers. Float32 numbers want a gradient.
/// </summary>
public sealed record Input(DType DType, Shape Shape, int[]? Integers = null)
{
    /// <summary>
    /// Its numbers: ±(0.1 … 1.1), away from 0 where max(x, 0) has its kink; a function of the input's place alone.
    /// </summary>
    public float[] Values(int place)
    {
        var values = new float[Shape.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var bits = CounterRng.Mix((ulong)place << 32, (ulong)i);
            values[i] = (0.1f + (bits >> 40) / (float)(1 << 24)) * ((bits & 1) == 0 ? 1 : -1);
        }
        return values;
    }

    /// <summary>A tensor of it.</summary>
    public Tensor In(Arena arena, float[] values) =>
        Integers is { } given ? arena.Ints(given) : DType.CanEncode ? arena.New(DType, Shape).Set(values) : Blocks(arena.New(DType, Shape));

    /// <summary>
    /// Any bytes, in a format that values cannot be rounded to; blocks begin with their scale, a half.
    /// </summary>
    static Tensor Blocks(Tensor tensor)
    {
        var bytes = new byte[tensor.Bytes];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)CounterRng.Mix(5, (ulong)i);
        for (var i = 0; i < bytes.Length; i += tensor.DType.BlockBytes) BitConverter.TryWriteBytes(bytes.AsSpan(i), (Half)0.003f);
        tensor.On.Upload(bytes, tensor.Address);
        return tensor;
    }
}

/// <summary>What a case computes with: its inputs as tensors, or as weights.</summary>
public sealed class Operands(Tensor[] tensors)
{
    readonly Weight?[] weights = new Weight?[tensors.Length];

    /// <summary>Number of inputs.</summary>
    public int Count => tensors.Length;

    /// <summary>Input <paramref name="i"/>.</summary>
    public Tensor this[int i] => tensors[i];

    /// <summary>Input <paramref name="i"/> as a weight.</summary>
    public Weight W(int i) => weights[i] ??= new($"w{i}", tensors[i]);
}

/// <summary>
/// An op at one size. Stated once (in <see cref="OpCases"/>), used three times: is it right, is its gradient right, is
/// it fast. This file and that one know no test framework, so that a benchmark can use them.
/// </summary>
/// <param name="Name">The op and what is special.</param>
/// <param name="Inputs">What it is given.</param>
/// <param name="Run">What it computes.</param>
/// <param name="Composed">The same from smaller ops, where a backend may have it fused.</param>
/// <param name="Tolerance">Largest difference from the oracle, relative to the largest value.</param>
/// <param name="HasGradient">Whether there is one.</param>
public sealed record OpCase(string Name, Input[] Inputs, Func<Operands, Tensor> Run, Func<Operands, Tensor>? Composed = null,
    double Tolerance = 1e-5, bool HasGradient = true)
{
    /// <summary>The inputs on a backend.</summary>
    /// <param name="arena">Where.</param>
    /// <param name="values">Numbers to take instead of the usual ones, by input.</param>
    public Operands Operands(Arena arena, float[]?[]? values = null)
    {
        var tensors = new Tensor[Inputs.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = Inputs[i].In(arena, values?[i] ?? Inputs[i].Values(i));
            tensors[i].NeedsGrad = HasGradient && Inputs[i].DType == DType.F32;
        }
        return new(tensors);
    }
}
