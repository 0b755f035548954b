using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>One tensor of a file, where it lies in memory.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="DType">Number format.</param>
/// <param name="Shape">Axes, outermost first: a matrix is [out, in].</param>
/// <param name="Address">First byte of the mapped data; all of it lies within the file.</param>
public sealed record TensorEntry(string Name, DType DType, Shape Shape, nint Address)
{
    /// <summary>Size of the data.</summary>
    public long Bytes => DType.BytesFor(Shape.Count);
}

/// <summary>The tensors of one checkpoint, memory-mapped; of one file or of several shards.</summary>
/// <param name="name">For messages: the path it was opened by.</param>
/// <param name="entries">The tensors by name.</param>
/// <param name="mapped">What is mapped; disposed together with this.</param>
public sealed class TensorFile(string name, IReadOnlyDictionary<string, TensorEntry> entries, params MappedFile[] mapped) : IDisposable
{
    /// <summary>The path it was opened by.</summary>
    public string Name => name;

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries => entries;

    /// <summary>Unmaps; addresses of entries must not be used any more.</summary>
    public void Dispose()
    {
        foreach (var m in mapped) m.Dispose();
    }
}
