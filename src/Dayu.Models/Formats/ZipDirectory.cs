using System.Buffers.Binary;
using System.Text;

namespace Dayu.Models;

/// <summary>
/// Where the files of a zip archive lie in it, so that they can be used without being unpacked. PKWARE, APPNOTE.TXT
/// 6.3; zip64 too; files that are compressed are known by name alone.
/// </summary>
sealed class ZipDirectory
{
    const uint End = 0x0605_4b50, End64 = 0x0606_4b50, Locator64 = 0x0706_4b50, Entry = 0x0201_4b50, Local = 0x0403_4b50;
    const int EndBytes = 22, LongestComment = 65535, EntryBytes = 46, LocalBytes = 30;

    readonly MappedFile file;
    readonly Dictionary<string, (long Start, long Length)> places = [];
    readonly HashSet<string> packed = [];

    /// <summary>Reads the directory at the end of a file.</summary>
    /// <exception cref="InvalidDataException">There is none, or it is damaged.</exception>
    public ZipDirectory(MappedFile file)
    {
        this.file = file;
        var (at, bytes) = Find();
        for (var end = at + bytes; at < end;) at = Add(at);
    }

    /// <summary>The files' names.</summary>
    public IEnumerable<string> Names => places.Keys.Concat(packed);

    /// <summary>Whether there is a file of that name.</summary>
    public bool Has(string name) => places.ContainsKey(name) || packed.Contains(name);

    /// <summary>Where a file lies.</summary>
    /// <exception cref="InvalidDataException">There is no such file.</exception>
    /// <exception cref="NotSupportedException">It is compressed or encrypted.</exception>
    public (long Start, long Length) this[string name] => places.TryGetValue(name, out var place) ? place
        : packed.Contains(name) ? throw new NotSupportedException(
            $"{file.Path}: {Quoted(name)} is compressed or encrypted; PyTorch stores its files as they are")
        : throw new InvalidDataException($"{file.Path}: file {MappedFile.Shown(name)} is missing from the zip archive");

    /// <summary>Place and size of the directory, which the last record of the file gives.</summary>
    (long At, long Bytes) Find()
    {
        for (var at = file.Length - EndBytes; at >= Math.Max(0, file.Length - EndBytes - LongestComment); at--)
        {
            var end = file.Bytes(at, EndBytes);
            if (U32(end) != End || at + EndBytes + U16(end[20..]) != file.Length) continue;
            (ulong bytes, ulong start) = (U32(end[12..]), U32(end[16..]));
            if (at >= 20 && file.Bytes(at - 20, 20) is var locator && U32(locator) == Locator64)
            {
                var end64 = file.Bytes((long)U64(locator[8..]), 56);
                if (U32(end64) != End64) throw file.Bad(at - 20, "the zip64 locator points at no zip64 record");
                (bytes, start) = (U64(end64[40..]), U64(end64[48..]));
            }
            return bytes <= (ulong)at && start <= (ulong)at - bytes
                ? ((long)start, (long)bytes)
                : throw file.Bad(at, $"a zip directory of {bytes} bytes at {start}; it was expected before this byte");
        }
        throw file.Bad(file.Length, "a zip archive ends with its directory, and there is none; is the file cut off?");
    }

    /// <summary>Reads one record; returns where the next begins.</summary>
    long Add(long at)
    {
        var entry = file.Bytes(at, EntryBytes);
        if (U32(entry) != Entry) throw file.Bad(at, "no record of a zip directory");
        var (flags, method) = (U16(entry[8..]), U16(entry[10..]));
        var (nameBytes, extraBytes, commentBytes) = (U16(entry[28..]), U16(entry[30..]), U16(entry[32..]));
        ulong stored = U32(entry[20..]), length = U32(entry[24..]), local = U32(entry[42..]);
        var name = Encoding.UTF8.GetString(file.Bytes(at + EntryBytes, nameBytes));
        for (var extra = file.Bytes(at + EntryBytes + nameBytes, extraBytes); extra.Length >= 4;)
        {
            var (id, size) = (U16(extra), U16(extra[2..]));
            var fields = size <= extra.Length - 4
                ? extra.Slice(4, size)
                : throw file.Bad(at, $"{Quoted(name)} has an extra field that is cut off");
            if (id == 1)                                              // zip64: what did not fit above, in this order
            {
                if (length == uint.MaxValue) length = Take(ref fields);
                if (stored == uint.MaxValue) stored = Take(ref fields);
                if (local == uint.MaxValue) local = Take(ref fields);
            }
            extra = extra[(4 + size)..];
        }
        var next = at + EntryBytes + nameBytes + extraBytes + commentBytes;
        if (Has(name)) throw file.Bad(at, $"a second file of the zip archive is called {MappedFile.Shown(name)}");
        if (method != 0 || (flags & 1) != 0)
        {
            packed.Add(name);
            return next;
        }
        if (stored != length || local > (ulong)file.Length)
            throw file.Bad(at, $"{Quoted(name)}: {length} bytes, stored as {stored}, at {local}; that cannot be");
        var header = file.Bytes((long)local, LocalBytes);
        if (U32(header) != Local) throw file.Bad((long)local, $"the header of {Quoted(name)} was expected");
        var start = (long)local + LocalBytes + U16(header[26..]) + U16(header[28..]);
        if (start > file.Length || length > (ulong)(file.Length - start))
            throw file.Bad(at, $"{Quoted(name)} has {length} bytes from byte {start}, the archive {file.Length}; is it cut off?");
        places.Add(name, (start, (long)length));
        return next;

        ulong Take(ref ReadOnlySpan<byte> fields)
        {
            if (fields.Length < 8) throw file.Bad(at, $"{Quoted(name)} has a zip64 field that is cut off");
            var value = U64(fields);
            fields = fields[8..];
            return value;
        }
    }

    static string Quoted(string name) => $"file {MappedFile.Shown(name)} of the zip archive";
    static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
