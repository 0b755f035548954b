using System.Buffers.Binary;
using System.Numerics;

namespace Dayu.Training;

/// <summary>
/// Writes TensorBoard's files of events: <c>Event</c> messages (tensorflow/core/util/event.proto) as records, each with its length
/// and masked checksums (tensorflow/core/lib/io/record_writer.h).
/// </summary>
/// <param name="to">The file.</param>
public sealed class EventWriter(Stream to)
{
    const uint Mask = 0xa282ead8;
    const int StringType = 7;                                         // DT_STRING

    /// <summary>The record that every file begins with.</summary>
    /// <param name="seconds">Since 1970.</param>
    public void Begin(double seconds) => Write(new ProtobufWriter().Add(1, seconds).Add(3, "brain.Event:2"));

    /// <summary>A number.</summary>
    /// <param name="seconds">Since 1970.</param>
    /// <param name="step">When in the training.</param>
    /// <param name="tag">What it is; TensorBoard groups by what stands before its first slash.</param>
    /// <param name="value">The number; kept as a float.</param>
    public void Scalar(double seconds, long step, string tag, double value) =>
        Write(Event(seconds, step, new ProtobufWriter().Add(1, tag).Add(2, (float)value)));

    /// <summary>A text, in Markdown.</summary>
    /// <inheritdoc cref="Scalar"/>
    /// <param name="seconds"/>
    /// <param name="step"/>
    /// <param name="tag"/>
    /// <param name="text">The text.</param>
    public void Text(double seconds, long step, string tag, string text)
    {
        var metadata = new ProtobufWriter().Add(1, new ProtobufWriter().Add(1, "text"));                // which plug-in shows it
        var tensor = new ProtobufWriter().Add(1, StringType)
            .Add(2, new ProtobufWriter().Add(2, new ProtobufWriter().Add(1, 1L)))                       // of one value: [1]
            .Add(8, text);
        Write(Event(seconds, step, new ProtobufWriter().Add(1, tag).Add(9, metadata).Add(8, tensor)));
    }

    static ProtobufWriter Event(double seconds, long step, ProtobufWriter value) =>
        new ProtobufWriter().Add(1, seconds).Add(2, step).Add(5, new ProtobufWriter().Add(1, value));

    void Write(ProtobufWriter message)
    {
        var data = message.ToArray();
        Span<byte> head = stackalloc byte[12], tail = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(head, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Checksum(head[..8]));
        BinaryPrimitives.WriteUInt32LittleEndian(tail, Checksum(data));
        to.Write(head);
        to.Write(data);
        to.Write(tail);
    }

    /// <summary>CRC-32C (RFC 3720, appendix B.4), turned and moved so that a checksum of checksums is none that is likely.</summary>
    static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var b in data) crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + Mask;
    }
}
