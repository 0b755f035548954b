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

    /// <summary>The backend's own form (<see cref="Backend.Prepare"/>); null until made.</summary>
    public object? Prepared { get; set; }

    /// <summary>To be called after the numbers were written to: what was prepared from the old ones is dropped.</summary>
    public void Touch()
    {
        (Prepared as IDisposable)?.Dispose();
        Prepared = null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{path} {tensor}";
}
