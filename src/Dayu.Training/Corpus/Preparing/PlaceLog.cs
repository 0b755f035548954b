using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Dayu.Training;

/// <summary>Places of documents in a file, so that a duplicate can say of what.</summary>
sealed class PlaceLog : IDisposable
{
    readonly SafeFileHandle file;

    /// <summary>Opens it; what stands behind <paramref name="length"/> is cut off.</summary>
    /// <exception cref="InvalidDataException">It is shorter.</exception>
    public PlaceLog(string path, long length)
    {
        file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (RandomAccess.GetLength(file) is var found && found < length)
        {
            file.Dispose();
            throw new InvalidDataException($"{path} has {found:N0} bytes; {length:N0} were saved. Prepare the corpus anew");
        }
        RandomAccess.SetLength(file, Length = length);
    }

    /// <summary>Bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a place; where it stands.</summary>
    public long Add(string place)
    {
        var bytes = new byte[4 + Encoding.UTF8.GetByteCount(place)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - 4);
        Encoding.UTF8.GetBytes(place, bytes.AsSpan(4));
        RandomAccess.Write(file, bytes, Length);
        var at = Length;
        Length += bytes.Length;
        return at;
    }

    /// <summary>The place that stands there.</summary>
    public string Read(long at)
    {
        Span<byte> head = stackalloc byte[4];
        RandomAccess.Read(file, head, at);
        var text = new byte[Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(head), 0, 1 << 16)];
        RandomAccess.Read(file, text, at + 4);
        return Encoding.UTF8.GetString(text);
    }

    /// <summary>Everything is on the disk.</summary>
    public void Flush() => RandomAccess.FlushToDisk(file);

    public void Dispose() => file.Dispose();
}
