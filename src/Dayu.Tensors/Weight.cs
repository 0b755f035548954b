namespace Dayu.Tensors;

/// <summary>A parameter: where it stands in the model, its numbers in the file's order and format, and what the backend made of them.</summary>
/// <param name="path">Its name in the checkpoint: <c>model.layers.0.mlp.up_proj.weight</c>.</param>
/// <param name="tensor">Matrices are [out, in], as in PyTorch and GGUF.</param>
public sealed class Weight(string path, Tensor tensor)
{
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

    /// <summary>Whether the model multiplies by it (<see cref="Op.MatMul(Tensor, Weight)"/>): its layer says so, and it is worth preparing.</summary>
    public bool IsMultiplied { get; set; }

    /// <summary>Whether what is rounded in products with it is felt in what the model says more than elsewhere (logits, attention's values): its layer says so, and a backend that rounds
    /// activations rounds these less.</summary>
    public bool IsSensitive { get; set; }

    /// <summary>The backend's own form (<see cref="Backend.Pack"/>); null until made.</summary>
    public IDisposable? Packed { get; private set; }

    /// <summary>Keeps what the backend made of the numbers. It belongs to the arena of the tensor, which disposes of it at the latest.</summary>
    public void Keep(IDisposable prepared)
    {
        Touch();
        tensor.Arena.Owns(prepared);
        Packed = prepared;
    }

    /// <summary>To be called after the numbers were written to: what was prepared from the old ones is dropped.</summary>
    public void Touch()
    {
        if (Packed is not { } old) return;
        Packed = null;
        tensor.Arena.Disowns(old);
        old.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{path} {tensor}";
}
