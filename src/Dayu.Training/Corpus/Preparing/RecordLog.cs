using Microsoft.Win32.SafeHandles;

namespace Dayu.Training;

/// <summary>Records of one size in a file, which only grows; what was written after the last save is cut off when it is opened.</summary>
sealed class RecordLog : IDisposable
{
    readonly SafeFileHandle file;
    readonly int size;

    /// <summary>Opens it.</summary>
    /// <param name="path">The file; made where it is not there.</param>
    /// <param name="size">Bytes of a record.</param>
    /// <param name="count">Records that it is known to hold.</param>
    /// <exception cref="InvalidDataException">It holds fewer.</exception>
    public RecordLog(string path, int size, long count)
    {
        file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        (this.size, Count) = (size, count);
        if (RandomAccess.GetLength(file) is var length && length < count * size)
        {
            file.Dispose();
            throw new InvalidDataException($"{path} has {length:N0} bytes; {count * size:N0} were expected. Prepare the corpus anew");
        }
        RandomAccess.SetLength(file, count * size);
    }

    /// <summary>Records.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one; its number.</summary>
    public long Add(ReadOnlySpan<byte> record)
    {
        RandomAccess.Write(file, record, Count * size);
        return Count++;
    }

    /// <summary>Reads one, or the first part of it.</summary>
    public void Read(long record, Span<byte> into)
    {
        for (var done = 0; done < into.Length;)
            done += RandomAccess.Read(file, into[done..], record * size + done) is > 0 and var n ? n : throw new EndOfStreamException();
    }

    /// <summary>All of them in their order.</summary>
    /// <param name="each">Told the number and the bytes of each.</param>
    public void ForEach(RecordReader each)
    {
        var chunk = new byte[Math.Max(1, (1 << 20) / size) * size];
        for (long i = 0; i < Count;)
        {
            var now = (int)Math.Min(Count - i, chunk.Length / size);
            Read(i, chunk.AsSpan(0, now * size));
            for (var k = 0; k < now; k++) each(i + k, chunk.AsSpan(k * size, size));
            i += now;
        }
    }

    /// <summary>Everything is on the disk.</summary>
    public void Flush() => RandomAccess.FlushToDisk(file);

    public void Dispose() => file.Dispose();
}

/// <summary>Receives a record.</summary>
delegate void RecordReader(long number, ReadOnlySpan<byte> record);
