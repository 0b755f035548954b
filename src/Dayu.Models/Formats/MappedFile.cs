using System.IO.MemoryMappedFiles;

namespace Dayu.Models;

/// <summary>A file as memory, read-only: nothing is read before it is used, and pages can be given back.</summary>
public sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedFile? file;
    readonly MemoryMappedViewAccessor? view;

    /// <summary>Maps a whole file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is empty.</exception>
    public MappedFile(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"no such file: {path}", path);
        (Path, Length) = (path, new FileInfo(path).Length);
        if (Length == 0) throw new InvalidDataException($"{path} is empty (0 bytes); was the download cut off?");
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Address = (nint)(start + view.PointerOffset);
    }

    /// <summary>Where it was opened.</summary>
    public string Path { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>The first byte.</summary>
    public nint Address { get; }

    /// <summary>Bytes [start, start + count).</summary>
    /// <exception cref="InvalidDataException">They are not all in the file.</exception>
    public ReadOnlySpan<byte> Bytes(long start, int count) => start >= 0 && count >= 0 && start <= Length - count ? new((byte*)Address + start, count)
        : throw new InvalidDataException($"{Path}: bytes {start} … {start + count - 1} are wanted, the file has {Length}; is it cut off?");

    /// <summary>Unmaps.</summary>
    public void Dispose()
    {
        if (view is null || view.SafeMemoryMappedViewHandle.IsClosed) return;
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file!.Dispose();
    }
}
