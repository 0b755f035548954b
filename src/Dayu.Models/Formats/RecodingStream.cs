using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Takes a tensor's numbers in one format and writes them on in another, some at a time.</summary>
/// <param name="to">Where they go.</param>
/// <param name="tensor">Name, shape and number format of what comes.</param>
/// <param name="target">The new format, none of blocks.</param>
sealed class RecodingStream(Stream to, TensorSource tensor, DType target) : Stream
{
    const int PieceValues = 1 << 16;                                 // whole blocks of every format

    readonly byte[] from = new byte[tensor.DType.BytesFor(PieceValues)], piece = new byte[target.BytesFor(PieceValues)];
    readonly float[] values = new float[PieceValues];
    readonly float largest = WeightRange.MostOf(target);
    int held;
    long done;

    /// <summary>A tensor whose numbers are in another format.</summary>
    /// <param name="tensor">As it is.</param>
    /// <param name="target">F32, F16 or BF16.</param>
    /// <exception cref="WeightRangeException">When it is written: a number is NaN, infinite, or too large for the format.</exception>
    public static TensorSource Of(TensorSource tensor, DType target) =>
        tensor.DType == target || tensor.DType == DType.I32 ? tensor : tensor with
        {
            DType = target,
            Write = stream =>
            {
                using var recoding = new RecodingStream(stream, tensor, target);
                tensor.Write(recoding);
                recoding.Flush();
            },
        };

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var taken = Math.Min(bytes.Length, from.Length - held);
            bytes[..taken].CopyTo(from.AsSpan(held));
            held += taken;
            bytes = bytes[taken..];
            if (held == from.Length) Flush();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Writes on what is held: whole blocks.</summary>
    public override void Flush()
    {
        var count = held / tensor.DType.BlockBytes * tensor.DType.BlockValues;
        var numbers = values.AsSpan(0, count);
        tensor.DType.Decode(from.AsSpan(0, held), numbers);
        if (WeightRange.FirstBeyond(numbers, largest) is >= 0 and var bad)
            throw new WeightRangeException(tensor.Name, (done + bad) / tensor.Shape[^1], (int)((done + bad) % tensor.Shape[^1]),
                numbers[bad], target);
        var encoded = piece.AsSpan(0, checked((int)target.BytesFor(count)));
        target.Encode(numbers, encoded);
        to.Write(encoded);
        (held, done) = (0, done + count);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
