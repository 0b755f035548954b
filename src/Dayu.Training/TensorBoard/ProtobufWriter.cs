using System.Buffers.Binary;
using System.Text;

namespace Dayu.Training;

/// <summary>Writes a message of Protocol Buffers (encoding: protobuf.dev/programming-guides/encoding), field by field.</summary>
sealed class ProtobufWriter
{
    const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;       // wire types

    readonly List<byte> to = [];

    /// <summary>What was written.</summary>
    public byte[] ToArray() => [.. to];

    /// <summary>A whole number.</summary>
    public ProtobufWriter Add(int field, long value)
    {
        Key(field, Varint);
        Number((ulong)value);
        return this;
    }

    /// <summary>A double.</summary>
    public ProtobufWriter Add(int field, double value)
    {
        Key(field, Fixed64);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        to.AddRange(bytes);
        return this;
    }

    /// <summary>A float.</summary>
    public ProtobufWriter Add(int field, float value)
    {
        Key(field, Fixed32);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        to.AddRange(bytes);
        return this;
    }

    /// <summary>A text.</summary>
    public ProtobufWriter Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message in the message.</summary>
    public ProtobufWriter Add(int field, ProtobufWriter message) => Add(field, message.ToArray());

    ProtobufWriter Add(int field, byte[] bytes)
    {
        Key(field, Bytes);
        Number((ulong)bytes.Length);
        to.AddRange(bytes);
        return this;
    }

    void Key(int field, int type) => Number((ulong)(field << 3 | type));

    void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7) to.Add((byte)(value | 0x80));
        to.Add((byte)value);
    }
}
