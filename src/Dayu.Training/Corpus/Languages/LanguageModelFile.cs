using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Dayu.Training;

/// <summary>
/// The models in bytes, little-endian: "DAYULANG", the version, the limit of English, the slope of Chinese, then the tables one behind the
/// other, each of its fixed size.
/// </summary>
static class LanguageModelFile
{
    const int Version = 1, Header = 16;
    const int Trigrams = LatinLetters.Count * LatinLetters.Count * LatinLetters.Count;
    const int Length = Header + Trigrams + EnglishModel.Slots * 3 + 1 + ChineseLetters.Count * 2 + 1 + ChineseLetters.Pairs;

    static ReadOnlySpan<byte> Magic => "DAYULANG"u8;

    /// <summary>Writes them.</summary>
    public static byte[] Write(EnglishModel english, ChineseModel chinese)
    {
        var file = new byte[Length];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), Version);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(12), english.Limit);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(14), chinese.Slope);
        var rest = file.AsSpan(Header);
        Put(english.Trigrams, ref rest);
        foreach (var check in english.Checks)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(rest, check);
            rest = rest[2..];
        }
        Put(english.Words, ref rest);
        Put(chinese.Scripts, ref rest);
        Put(MemoryMarshal.AsBytes<sbyte>(chinese.Characters), ref rest);
        Put(MemoryMarshal.AsBytes<sbyte>(chinese.Pairs), ref rest);
        return file;
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidDataException">It is no such file, of another version, or of another length.</exception>
    public static (EnglishModel English, ChineseModel Chinese) Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Magic)) throw new InvalidDataException("a model of languages begins with DAYULANG; this does not");
        if (file.Length != Length)
            throw new InvalidDataException($"a model of languages has {Length} bytes; this has {file.Length}: train it again");
        var version = BinaryPrimitives.ReadInt32LittleEndian(file[8..]);
        if (version != Version)
            throw new InvalidDataException($"the model of languages is of version {version}; {Version} can be read: train it again");
        var (limit, slope) = (BinaryPrimitives.ReadInt16LittleEndian(file[12..]), BinaryPrimitives.ReadInt16LittleEndian(file[14..]));
        var rest = file[Header..];
        var trigrams = Take(Trigrams, ref rest).ToArray();
        var checks = new ushort[EnglishModel.Slots];
        var packed = Take(EnglishModel.Slots * 2, ref rest);
        for (var i = 0; i < checks.Length; i++) checks[i] = BinaryPrimitives.ReadUInt16LittleEndian(packed[(2 * i)..]);
        if (!checks.AsSpan().Contains((ushort)0)) throw new InvalidDataException("the table of words has no free slot: train it again");
        var words = Take(EnglishModel.Slots + 1, ref rest).ToArray();
        var scripts = Take(ChineseLetters.Count, ref rest).ToArray();
        var characters = MemoryMarshal.Cast<byte, sbyte>(Take(ChineseLetters.Count + 1, ref rest)).ToArray();
        return (new(trigrams, checks, words, limit), new(scripts, characters, MemoryMarshal.Cast<byte, sbyte>(rest).ToArray(), slope));
    }

    static void Put(ReadOnlySpan<byte> part, ref Span<byte> rest)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }

    static ReadOnlySpan<byte> Take(int length, ref ReadOnlySpan<byte> rest)
    {
        var part = rest[..length];
        rest = rest[length..];
        return part;
    }
}
