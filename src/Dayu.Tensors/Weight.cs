namespace Dayu.Tensors;

/// <summary>
/// A parameter: where it stands in the model, its numbers in the file's order and format, and what the backend made of
/// them.
/// </summary>
/// <param name="path">Its name in the checkpoint: <c>model.layers.0.mlp.up_proj.weight</c>.</param>
/// <param name="tensor">Matrices are [out, in], as in PyTorch and GGUF.</param>
public sealed class Weight(string path, Tensor tensor)
{
    IDisposable? packed;
    long packedVersion;

    /// <summary>Name in the checkpoint.</summary>
    public string Path => path;

    /// <summary>The numbers, as loaded.</summary>
    public Tensor Tensor { get; private set; } = tensor;

    /// <summary>Output features: rows.</summary>
    public int Out => Tensor.Rows;

    /// <summary>Input features: length of a row.</summary>
    public int In => Tensor.Width;

    /// <summary>What it is adapted by, added to its product (<see cref="Op.MatMul(Tensor, Weight, Tensor)"/>); mostly nothing.</summary>
    public IReadOnlyList<LowRank> LowRank { get; private set; } = [];

    /// <summary>Adapts it further.</summary>
    /// <exception cref="ShapeException">The pair is of another shape.</exception>
    public void Adapt(LowRank pair)
    {
        var fits = pair.A.In == In && pair.B.Out == Out && pair.A.Out == pair.B.In;
        Check.That(fits, "adapt", $"{path} {Tensor.Shape} by A {pair.A.Tensor.Shape} and B {pair.B.Tensor.Shape}, "
            + $"expected [r, {In}] and [{Out}, r]");
        LowRank = [.. LowRank, pair];
    }

    /// <summary>
    /// Adds the pairs into the numbers: it computes the same, and is adapted no more. Quantised numbers become float32, as what was
    /// learnt is finer than they are.
    /// </summary>
    public void Merge()
    {
        if (LowRank.Count == 0) return;
        var (arena, format) = (Tensor.Arena, Tensor.DType.IsQuantised ? DType.F32 : Tensor.DType);
        var sum = arena.New(Tensor.Shape).Set(Tensor.ToArray());
        foreach (var pair in LowRank) arena.On.MatMulDw(sum, pair.ScaledColumns(), pair.A.Tensor);
        DropPacked();
        Tensor = format == DType.F32 ? sum : Encoded(sum, format);
        LowRank = [];
    }

    static Tensor Encoded(Tensor values, DType format)
    {
        var bytes = new byte[format.BytesFor(values.Shape.Count)];
        format.Encode(values.ToArray(), bytes);
        var t = values.Arena.New(format, values.Shape);
        t.On.Upload(bytes, t.WriteAddress);
        return t;
    }

    /// <summary>Whether training changes it.</summary>
    public bool NeedsGrad => Tensor.NeedsGrad;

    /// <summary>
    /// Whether the model multiplies by it (<see cref="Op.MatMul(Tensor, Weight, Tensor)"/>): its layer says so, and it is worth
    /// preparing.
    /// </summary>
    public bool IsMultiplied { get; set; }

    /// <summary>Whether what is rounded in products with it is felt in what the model says more than elsewhere (logits,
    /// attention's values): its layer says so, and a backend that rounds activations rounds these less.</summary>
    public bool IsSensitive { get; set; }

    /// <summary>
    /// The backend's own form (<see cref="Backend.Pack"/>) of the numbers as they are now; null until made, and again
    /// once they were written to.
    /// </summary>
    public IDisposable? Packed => packed is not null && packedVersion == Tensor.Version ? packed : null;

    /// <summary>
    /// Keeps what the backend made of the numbers. It belongs to the arena of the tensor, which disposes of it at the
    /// latest.
    /// </summary>
    /// <param name="made">The backend's form.</param>
    /// <param name="version">The <see cref="Tensor.Version"/> of the numbers that it was made of.</param>
    public void Keep(IDisposable made, long version)
    {
        DropPacked();
        Tensor.Arena.Owns(made);
        (packed, packedVersion) = (made, version);
    }

    /// <summary>Frees the backend's form; it is made again when it is next multiplied by.</summary>
    public void DropPacked()
    {
        if (packed is not { } old) return;
        packed = null;
        Tensor.Arena.Disowns(old);
        old.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{path} {Tensor}";
}
