using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Dayu.Models;

/// <summary>
/// Walks over the header of a GGUF file. Whatever the file claims is held against what is left of it before it is
/// believed.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="at">Where to start.</param>
struct GgufCursor(MappedFile file, long at)
{
    const int DeepestArray = 4, LongestText = 1 << 28;

    /// <summary>The next byte.</summary>
    public long At { get; private set; } = at;

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Take(long count)
    {
        var bytes = file.Bytes(At, count);
        At += count;
        return bytes;
    }

    /// <summary>A number of things that follow, each at least so many bytes long.</summary>
    public long Count(int least, string things)
    {
        var (start, count) = (At, U64());
        return count <= (ulong)((file.Length - At) / least) ? (long)count : throw TooMany(start, count, things);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]       // hundreds of thousands in a vocabulary
    public ReadOnlySpan<byte> TextBytes()
    {
        var (start, length) = (At, U64());
        return length <= (ulong)(file.Length - At) ? Take((long)length) : throw TooMany(start, length, "bytes of text");
    }

    readonly InvalidDataException TooMany(long start, ulong count, string things) =>
        file.Bad(start, $"{count} {things} cannot follow in the {file.Length - At} bytes that are left; is the file cut off?");

    public string Text() => Encoding.UTF8.GetString(TextUtf8());

    /// <summary>A text's bytes, which are UTF-8.</summary>
    public ReadOnlySpan<byte> TextUtf8()
    {
        var start = At;
        var bytes = TextBytes();
        if (bytes.Length > LongestText) throw file.Bad(start, $"a text of {bytes.Length} bytes; {LongestText} is the limit");
        return IsUtf8(bytes) ? bytes : throw file.Bad(start, "text that is no UTF-8");
    }

    /// <summary>
    /// Most texts are tokens and merges, a few bytes each, for which the framework's check takes three times as long as
    /// all else.
    /// </summary>
    static bool IsUtf8(ReadOnlySpan<byte> text)
    {
        if (text.Length > 32) return Utf8.IsValid(text);
        for (var i = 0; i < text.Length; i++)
            if (text[i] < 0x80) continue;
            else if (text[i] is >= 0xC2 and <= 0xDF && i + 1 < text.Length && (text[i + 1] & 0xC0) == 0x80) i++;
            else return Utf8.IsValid(text[i..]);
        return true;
    }

    public GgufType Type()
    {
        var (start, type) = (At, U32());
        return type <= (uint)GgufType.F64 ? (GgufType)type : throw file.Bad(start, $"metadata of type {type}; 0 to 12 are known");
    }

    /// <summary>Bytes that a value of this type takes at least, and exactly where it is a number.</summary>
    public static int Size(GgufType type) => type switch
    {
        GgufType.U8 or GgufType.I8 or GgufType.Bool => 1,
        GgufType.U16 or GgufType.I16 => 2,
        GgufType.U32 or GgufType.I32 or GgufType.F32 => 4,
        GgufType.Array => 12,
        _ => 8,
    };

    /// <summary>Goes on behind a value.</summary>
    public void Skip(GgufType type, int depth = 0)
    {
        if (type == GgufType.Text) TextBytes();
        else if (type != GgufType.Array) Take(Size(type));
        else
        {
            if (depth == DeepestArray) throw file.Bad(At, $"arrays within arrays, more than {DeepestArray} deep");
            var items = Type();
            var count = Count(Size(items), "items");
            if (items is GgufType.Text or GgufType.Array) for (var i = 0L; i < count; i++) Skip(items, depth + 1);
            else At += count * Size(items);                           // within the file: Count has seen to it
        }
    }
}
