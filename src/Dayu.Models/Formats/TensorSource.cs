using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// A tensor to be written to a file: what it is, and who writes its bytes when its turn comes. Nothing is held in
/// memory before.
/// </summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="DType">Number format.</param>
/// <param name="Shape">Axes, outermost first.</param>
/// <param name="Write">Writes exactly <see cref="Bytes"/> bytes.</param>
public sealed record TensorSource(string Name, DType DType, Shape Shape, Action<Stream> Write)
{
    const int Piece = 1 << 22;

    /// <summary>Size of the data.</summary>
    public long Bytes => DType.BytesFor(Shape.Count);

    /// <summary>A tensor of another file, as it is.</summary>
    public static unsafe TensorSource Of(TensorEntry entry) => new(entry.Name, entry.DType, entry.Shape, stream =>
    {
        for (long at = 0, n; at < entry.Bytes; at += n)
            stream.Write(new ReadOnlySpan<byte>((byte*)entry.Address + at, (int)(n = Math.Min(Piece, entry.Bytes - at))));
    });

    /// <summary>A tensor on any backend, as it is when its turn comes.</summary>
    public static TensorSource Of(string name, Tensor tensor) => new(name, tensor.DType, tensor.Shape, stream =>
    {
        var piece = new byte[Math.Min(Piece, tensor.Bytes)];
        for (long at = 0, n; at < tensor.Bytes; at += n)
        {
            var part = piece.AsSpan(0, (int)(n = Math.Min(Piece, tensor.Bytes - at)));
            tensor.On.Download(tensor.Address + (nint)at, part);
            stream.Write(part);
        }
    });

    /// <summary>Values in memory, encoded when their turn comes.</summary>
    public static TensorSource Of(string name, DType dtype, Shape shape, ReadOnlyMemory<float> values) => new(name, dtype, shape, stream =>
    {
        var bytes = new byte[dtype.BytesFor(shape.Count)];
        dtype.Encode(values.Span, bytes);
        stream.Write(bytes);
    });

    /// <summary>Writes the data and counts it.</summary>
    internal void CopyTo(Stream stream)
    {
        var start = stream.Position;
        Write(stream);
        if (stream.Position - start != Bytes)
            throw new InvalidOperationException($"tensor '{Name}': {stream.Position - start} bytes were written, "
                + $"{DType} {Shape} takes {Bytes}");
    }
}
