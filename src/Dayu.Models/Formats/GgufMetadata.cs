using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Dayu.Models;

/// <summary>
/// The metadata of a GGUF file: names and where each value lies. Values are decoded when they are asked for, so that a
/// vocabulary of 150,000 words costs nothing before.
/// </summary>
public sealed class GgufMetadata
{
    readonly record struct Place(GgufType Type, long Start, long End);

    readonly MappedFile file;
    readonly Dictionary<string, Place> places = [];

    /// <summary>Walks over so many pairs.</summary>
    internal GgufMetadata(MappedFile file, ref GgufCursor cursor, long count)
    {
        this.file = file;
        for (var i = 0L; i < count; i++)
        {
            var at = cursor.At;
            var (key, type, start) = (cursor.Text(), cursor.Type(), cursor.At);
            cursor.Skip(type);
            if (!places.TryAdd(key, new(type, start, cursor.At)))
                throw file.Bad(at, $"a second value for metadata {MappedFile.Shown(key)}");
        }
    }

    /// <summary>The names, in the order of the file.</summary>
    public IReadOnlyCollection<string> Keys => places.Keys;

    /// <summary>Leaves out what is said of one part of several.</summary>
    internal void Forget(string prefix)
    {
        foreach (var key in places.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToArray()) places.Remove(key);
    }

    /// <summary>Whether there is a value.</summary>
    public bool Has(string key) => places.ContainsKey(key);

    /// <summary>What the value is.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public GgufType TypeOf(string key) => Find(key).Type;

    /// <summary>The value as it lies in the file, behind its type: to be copied into another file.</summary>
    public ReadOnlySpan<byte> Raw(string key) => Find(key) is var p ? file.Bytes(p.Start, p.End - p.Start) : default;

    /// <summary>A text; the fallback, if one is given, where there is none.</summary>
    /// <exception cref="InvalidDataException">Missing without a fallback, or something else.</exception>
    public string Text(string key, string? fallback = null)
    {
        if (fallback is not null && !Has(key)) return fallback;
        return new GgufCursor(file, Find(key, p => p.Type == GgufType.Text, "a text").Start).Text();
    }

    /// <summary>A whole number; the fallback, if one is given, where there is none.</summary>
    /// <exception cref="InvalidDataException">Missing without a fallback, something else, or too large.</exception>
    public int Int(string key, int? fallback = null)
    {
        if (fallback is { } f && !Has(key)) return f;
        var p = Find(key, p => IsWhole(p.Type), "a whole number");
        return Narrow(key, p.Type, p.Start);
    }

    /// <summary>A whole number of any size; one beyond those of a long is the nearest that it has.</summary>
    /// <exception cref="InvalidDataException">Missing, or something else.</exception>
    public long Long(string key)
    {
        var p = Find(key, p => IsWhole(p.Type), "a whole number");
        return (long)Int128.Clamp(Whole(p.Type, file.Bytes(p.Start, GgufCursor.Size(p.Type))), long.MinValue, long.MaxValue);
    }

    /// <summary>A number; the fallback, if one is given, where there is none.</summary>
    /// <exception cref="InvalidDataException">Missing without a fallback, or something else.</exception>
    public float Float(string key, float? fallback = null)
    {
        if (fallback is { } f && !Has(key)) return f;
        var p = Find(key, p => IsNumber(p.Type), "a number");
        return (float)Number(p.Type, p.Start);
    }

    /// <summary>Yes or no; the fallback, if one is given, where there is none.</summary>
    /// <exception cref="InvalidDataException">Missing without a fallback, or something else.</exception>
    public bool Bool(string key, bool? fallback = null)
    {
        if (fallback is { } f && !Has(key)) return f;
        return file.Bytes(Find(key, p => p.Type == GgufType.Bool, "a bool").Start, 1)[0] != 0;
    }

    /// <summary>An array of texts.</summary>
    /// <exception cref="InvalidDataException">Missing, or something else.</exception>
    public string[] Texts(string key)
    {
        var utf8 = Utf8Texts(key);
        var (texts, next) = (new string[utf8.Count], 0);
        foreach (var text in utf8) texts[next++] = Encoding.UTF8.GetString(text);
        return texts;
    }

    /// <summary>
    /// An array of texts, as the file has them: what a large vocabulary is read by, without a string for each.
    /// </summary>
    /// <exception cref="InvalidDataException">Missing, or something else.</exception>
    public GgufTexts Utf8Texts(string key)
    {
        var (_, count, first) = Items(key, t => t == GgufType.Text, "texts");
        return new(first, count);
    }

    /// <summary>An array of whole numbers; of bools, as 0 and 1.</summary>
    /// <exception cref="InvalidDataException">Missing, something else, or too large.</exception>
    public int[] Ints(string key)
    {
        var (type, count, cursor) = Items(key, t => IsWhole(t) || t == GgufType.Bool, "whole numbers");
        if (type == GgufType.I32 && BitConverter.IsLittleEndian) return MemoryMarshal.Cast<byte, int>(cursor.Take(4L * count)).ToArray();
        var numbers = new int[count];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = Narrow(key, type, cursor.At + (long)i * GgufCursor.Size(type));
        return numbers;
    }

    /// <summary>An array of numbers.</summary>
    /// <exception cref="InvalidDataException">Missing, or something else.</exception>
    public float[] Floats(string key)
    {
        var (type, count, cursor) = Items(key, IsNumber, "numbers");
        var numbers = new float[count];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = (float)Number(type, cursor.At + (long)i * GgufCursor.Size(type));
        return numbers;
    }

    static bool IsNumber(GgufType t) => t is not (GgufType.Text or GgufType.Array or GgufType.Bool);

    static bool IsWhole(GgufType t) => IsNumber(t) && t is not (GgufType.F32 or GgufType.F64);

    Place Find(string key) => places.TryGetValue(key, out var p) ? p
        : throw new InvalidDataException($"{file.Path}: metadata {MappedFile.Shown(key)} is missing; "
            + "is this a model of that kind, and the file complete?");

    Place Find(string key, Func<Place, bool> fits, string expected)
    {
        var p = Find(key);
        return fits(p) ? p : throw file.Bad(p.Start, $"metadata {MappedFile.Shown(key)} is of type {p.Type}; {expected} was expected");
    }

    (GgufType Type, int Count, GgufCursor First) Items(string key, Func<GgufType, bool> fits, string expected)
    {
        var p = Find(key, p => p.Type == GgufType.Array, $"an array of {expected}");
        var cursor = new GgufCursor(file, p.Start);
        var (type, count) = (cursor.Type(), (long)cursor.U64());
        if (!fits(type)) throw file.Bad(p.Start, $"metadata {MappedFile.Shown(key)} is an array of type {type}; {expected} were expected");
        return count <= Array.MaxLength
            ? (type, (int)count, cursor)
            : throw file.Bad(p.Start, $"metadata {MappedFile.Shown(key)} has {count} items; {Array.MaxLength} is the limit");
    }

    int Narrow(string key, GgufType type, long at)
    {
        var n = Whole(type, file.Bytes(at, GgufCursor.Size(type)));
        return n >= int.MinValue && n <= int.MaxValue
            ? (int)n
            : throw file.Bad(at, $"metadata {MappedFile.Shown(key)} is {n}; at most {int.MaxValue} was expected");
    }

    double Number(GgufType type, long at)
    {
        var bytes = file.Bytes(at, GgufCursor.Size(type));
        return type switch
        {
            GgufType.F32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            GgufType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            _ => (double)Whole(type, bytes),
        };
    }

    static Int128 Whole(GgufType type, ReadOnlySpan<byte> bytes) => type switch
    {
        GgufType.U8 or GgufType.Bool => bytes[0],
        GgufType.I8 => (sbyte)bytes[0],
        GgufType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        GgufType.I16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        GgufType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        GgufType.I32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        GgufType.U64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };
}
