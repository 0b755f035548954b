using System.Buffers.Binary;

namespace Dayu.Text;

/// <summary>
/// Reads a protocol-buffers message field by field (protobuf.dev, "Encoding"): a varint with the field's number and
/// wire type, then the value. Unknown fields are for the caller to skip, as the format requires.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="what">What it is, for errors.</param>
ref struct Protobuf(ReadOnlySpan<byte> message, string what)
{
    readonly ReadOnlySpan<byte> message = message;
    int at;

    /// <summary>The number of the field that was read.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a varint; of a fixed-size field its bits.</summary>
    public ulong Number { get; private set; }

    /// <summary>The value of a string, of bytes, or of a message in the message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The value of a float.</summary>
    public readonly float Float => BitConverter.UInt32BitsToSingle((uint)Number);

    /// <summary>Reads the next field; false at the end of the message.</summary>
    public bool Read()
    {
        if (at == message.Length) return false;
        ulong key = Varint();
        if (key >> 3 is 0 or > int.MaxValue) throw Damaged($"there is no field {key >> 3}");
        (Field, Number) = ((int)(key >> 3), 0);
        Bytes = default;
        switch (key & 7)
        {
            case 0: Number = Varint(); break;
            case 1: Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = Take(Varint()); break;
            case 5: Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw Damaged($"field {Field} is of wire type {key & 7}, which is none of 0, 1, 2 and 5");
        }
        return true;
    }

    ReadOnlySpan<byte> Take(ulong length)
    {
        int left = message.Length - at;
        if (length > (ulong)left) throw Damaged($"field {Field} should have {length} bytes, and {left} are left");
        var bytes = message.Slice(at, (int)length);
        at += (int)length;
        return bytes;
    }

    ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && at < message.Length; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Damaged("a number of more than 64 bits, or without an end");
    }

    readonly TokenizerException Damaged(string found) => new(
        $"{what}, byte {at} of {message.Length}: {found}. The file is cut off or damaged, or is something else: copy it again.");
}
