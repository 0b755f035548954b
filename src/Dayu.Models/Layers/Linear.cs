using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>y = x·Wᵀ + b.</summary>
/// <param name="w">Its place: <c>weight</c> [out, in] and, where there is one, <c>bias</c> [out].</param>
/// <param name="inputs">In.</param>
/// <param name="outputs">Out.</param>
/// <param name="bias">Whether it has a bias.</param>
/// <param name="sensitive">Whether its result is felt in what the model says more than others'
/// (<see cref="Weight.IsSensitive"/>).</param>
/// <param name="init">How the matrix starts; null: as GPT-2's.</param>
public sealed class Linear(Weights w, int inputs, int outputs, bool bias = false, bool sensitive = false, Init? init = null)
{
    /// <summary>The matrix, [out, in].</summary>
    public Weight Weight { get; } = w.Matrix("weight", new(outputs, inputs), init, sensitive: sensitive);

    readonly Weight? bias = bias ? w.Get("bias", new(outputs), Init.Zeros) : null;

    /// <summary>[T, In] → [T, Out]</summary>
    public Tensor Forward(Tensor x) => Op.MatMul(x, Weight, bias?.Tensor);

    /// <summary>Two of them on the same x, in one parallel-for.</summary>
    public static (Tensor, Tensor) Forward(Tensor x, Linear a, Linear b) =>
        Op.MatMul(x, a.Weight, b.Weight, a.bias?.Tensor, b.bias?.Tensor);

    /// <summary>Three of them on the same x, in one parallel-for.</summary>
    public static (Tensor, Tensor, Tensor) Forward(Tensor x, Linear a, Linear b, Linear c) =>
        Op.MatMul(x, a.Weight, b.Weight, c.Weight, a.bias?.Tensor, b.bias?.Tensor, c.bias?.Tensor);
}
