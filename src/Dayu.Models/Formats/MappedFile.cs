using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dayu.Models;

/// <summary>
/// A file as memory, read-only: nothing is read before it is used. Whoever reads a format asks for bytes by place and
/// count, and is told where they are missing.
/// </summary>
public sealed unsafe partial class MappedFile : IDisposable
{
    readonly MemoryMappedFile? file;
    readonly MemoryMappedViewAccessor? view;
    readonly bool isBorrowed;
    nint address;

    /// <summary>Maps a whole file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is empty.</exception>
    public MappedFile(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"no such file: {path}", path);
        EnsureContent(path);
        using var handle = File.OpenHandle(path);                     // the length of what is opened, be it behind a link
        (Path, Length) = (path, RandomAccess.GetLength(handle));
        NotEmpty();
        file = MemoryMappedFile.CreateFromFile(handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        view = file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        address = (nint)(start + view.PointerOffset);
    }

    /// <summary>
    /// Checks that a file has bytes, be it behind a link, without opening it: a pipe has none, and opening one waits for its writer.
    /// </summary>
    /// <exception cref="InvalidDataException">It has none.</exception>
    public static void EnsureContent(string path)
    {
        var file = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
        if (file is { Exists: true, Length: > 0 }) return;
        throw new InvalidDataException($"{path} is empty, or no file but a pipe or a device");
    }

    /// <summary>A copy of bytes that are in memory already: what was received, or made by a test.</summary>
    /// <param name="name">Stands for the path in messages.</param>
    /// <param name="content">The file.</param>
    /// <exception cref="InvalidDataException">It is empty.</exception>
    public MappedFile(string name, ReadOnlySpan<byte> content)
    {
        (Path, Length) = (name, content.Length);
        NotEmpty();
        address = (nint)NativeMemory.AlignedAlloc((nuint)content.Length, 64);
        content.CopyTo(new((void*)address, content.Length));
    }

    /// <summary>Memory that is not copied and stays the caller's: a resource of a program, say. It must outlive the file.</summary>
    /// <param name="name">Stands for the path in messages.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="length">Bytes.</param>
    /// <exception cref="InvalidDataException">It is empty.</exception>
    public MappedFile(string name, nint address, long length)
    {
        (Path, Length, this.address, isBorrowed) = (name, length, address, true);
        NotEmpty();
    }

    /// <summary>Where it was opened.</summary>
    public string Path { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>The first byte.</summary>
    /// <exception cref="ObjectDisposedException">It is unmapped.</exception>
    public nint Address => address != 0 ? address : throw Closed();

    /// <summary>Bytes [start, start + count).</summary>
    /// <exception cref="InvalidDataException">They are not all in the file.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes(long start, long count) =>
        start >= 0 && count is >= 0 and <= int.MaxValue && start <= Length - count
            ? new((byte*)Address + start, (int)count)
            : throw Missing(start, count);

    InvalidDataException Missing(long start, long count) =>
        Bad(start, $"{count} bytes are wanted here, the file has {Length} in all; is it cut off?");

    /// <summary>
    /// Tells the system that bytes are not needed for now: whole pages among them leave memory, and are read again if
    /// somebody asks for them after all. Those that are not of this file are left alone.
    /// </summary>
    /// <param name="start">Where they lie in memory.</param>
    /// <param name="count">How many.</param>
    public void Drop(nint start, long count)
    {
        if (view is null || start < Address || start + count > Address + Length || !OperatingSystem.IsLinux()) return;
        const int DontNeed = 4;
        nint page = Environment.SystemPageSize, from = (start + page - 1) & -page, to = (nint)(start + count) & -page;
        if (to > from) _ = madvise(from, to - from, DontNeed);
    }

    [LibraryImport("libc")] private static partial int madvise(nint address, nint length, int advice);

    /// <summary>An error about this file.</summary>
    /// <param name="at">The byte where it shows.</param>
    /// <param name="what">What was found and what was expected.</param>
    public InvalidDataException Bad(long at, string what) => new($"{Path}, byte {at}: {what}");

    /// <summary>A name out of a file as a message can show it: in quotes, of bearable length, on one line.</summary>
    public static string Shown(string name) =>
        $"'{string.Concat((name.Length > 100 ? name[..100] + "…" : name).Select(c => char.IsControl(c) ? '\uFFFD' : c))}'";

    ObjectDisposedException Closed() => new(Path, $"{Path} was closed; keep it open as long as its tensors or metadata are read");

    void NotEmpty()
    {
        if (Length == 0) throw new InvalidDataException($"{Path} is empty (0 bytes); was the download cut off?");
    }

    /// <summary>Unmaps.</summary>
    public void Dispose()
    {
        var was = Interlocked.Exchange(ref address, 0);
        if (was == 0 || isBorrowed) return;
        if (view is null) { NativeMemory.AlignedFree((void*)was); return; }
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file!.Dispose();
    }
}
