using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A tensor under its name in GGUF files, wherever it lies now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Number format.</param>
/// <param name="Shape">Axes, outermost first.</param>
/// <param name="Borrow">Hands over the address of its bytes, good for the length of the call.</param>
public sealed record GgufTensor(string Name, DType DType, Shape Shape, Action<Action<nint>> Borrow)
{
    /// <summary>Size of the data.</summary>
    public long Bytes => DType.BytesFor(Shape.Count);
}

/// <summary>What a GGUF file says, before it is written.</summary>
/// <param name="Facts">Of the model.</param>
/// <param name="Tensors">In the order of the file.</param>
/// <param name="Describe">Writes the metadata, all but what depends on the number formats.</param>
public sealed record GgufContent(QuantFacts Facts, IReadOnlyList<GgufTensor> Tensors, Action<GgufWriter> Describe)
{
    internal const string FileType = "general.file_type", Version = "general.quantization_version";

    /// <summary>What a file holds; it must stay open.</summary>
    /// <exception cref="NotSupportedException">A tensor is in a format that this build cannot read.</exception>
    public static GgufContent Of(GgufFile file) => Of(file.Tensors, file.Metadata);

    internal static GgufContent Of(TensorFile file, GgufMetadata metadata)
    {
        foreach (var (name, why) in file.Unsupported)
            throw new NotSupportedException($"{file.Name}: tensor {MappedFile.Shown(name)} cannot be read: {why}");
        if (file.Entries.Count == 0) throw new NotSupportedException($"{file.Name} has no tensors: there is nothing to quantise");
        var tensors = file.Entries.Values.Select(t => new GgufTensor(t.Name, t.DType, t.Shape, use => use(t.Address)));
        return new(QuantFacts.Of(metadata), [.. tensors], writer =>
        {
            foreach (var key in metadata.Keys)
                if (key is not (FileType or Version)) writer.Copy(key, metadata);
        });
    }
}
