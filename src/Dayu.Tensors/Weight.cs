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
    public Tensor Tensor => tensor;

    /// <summary>Output features: rows.</summary>
    public int Out => tensor.Rows;

    /// <summary>Input features: length of a row.</summary>
    public int In => tensor.Width;

    /// <summary>Whether training changes it.</summary>
    public bool NeedsGrad => tensor.NeedsGrad;

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
    public IDisposable? Packed => packed is not null && packedVersion == tensor.Version ? packed : null;

    /// <summary>
    /// Keeps what the backend made of the numbers. It belongs to the arena of the tensor, which disposes of it at the
    /// latest.
    /// </summary>
    /// <param name="made">The backend's form.</param>
    /// <param name="version">The <see cref="Tensor.Version"/> of the numbers that it was made of.</param>
    public void Keep(IDisposable made, long version)
    {
        DropPacked();
        tensor.Arena.Owns(made);
        (packed, packedVersion) = (made, version);
    }

    /// <summary>Frees the backend's form; it is made again when it is next multiplied by.</summary>
    public void DropPacked()
    {
        if (packed is not { } old) return;
        packed = null;
        tensor.Arena.Disowns(old);
        old.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{path} {tensor}";
}
