using System.Buffers.Binary;

namespace Dayu.Cli;

/// <summary>A stretch of a font file: big-endian numbers at offsets, every one checked.</summary>
/// <param name="all">The file.</param>
/// <param name="start">Where the stretch begins.</param>
/// <param name="length">Bytes of it.</param>
readonly struct FontBytes(byte[] all, int start, int length)
{
    public int Length => length;

    public byte U8(int at) => Span(at, 1)[0];

    public int U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(Span(at, 2));

    public int I16(int at) => BinaryPrimitives.ReadInt16BigEndian(Span(at, 2));

    public int I32(int at) => BinaryPrimitives.ReadInt32BigEndian(Span(at, 4));

    /// <summary>An offset or a count: no font has one beyond this.</summary>
    public int U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(Span(at, 4)) is <= int.MaxValue and var n ? (int)n : throw Bad(at);

    public ReadOnlySpan<byte> Span(int at, int count) => at >= 0 && count >= 0 && at <= length - count ? all.AsSpan(start + at, count) : throw Bad(at);

    /// <summary>A part of it.</summary>
    public FontBytes Part(int at, int count) => at >= 0 && count >= 0 && at <= length - count ? new(all, start + at, count) : throw Bad(at);

    public FontBytes From(int at) => Part(at, length - at);

    InvalidDataException Bad(int at) => new($"a font's table of {length} bytes is asked for byte {at}");
}
