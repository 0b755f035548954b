using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dayu.Hub;

/// <summary>Copies of files of models, and links to them.</summary>
static partial class FileCopies
{
    const int BufferBytes = 1 << 20;

    /// <summary>Reads a file and, where a copy is wanted, writes it and flushes it to the disk.</summary>
    /// <param name="from">What is read.</param>
    /// <param name="to">The copy; null: none.</param>
    /// <param name="progress">Called with the number of bytes read since the last call.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Length and SHA-256 of what was read.</returns>
    internal static (long Bytes, string Sha256) Copy(string from, string? to, Action<long> progress, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        using var copy = to is null ? null : new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        var (buffer, bytes) = (new byte[BufferBytes], 0L);
        while (source.Read(buffer) is > 0 and var n)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, n);
            copy?.Write(buffer, 0, n);
            progress(n);
            bytes += n;
        }
        copy?.Flush(flushToDisk: true);
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>
    /// Makes a hard link; a copy where the file system has no such links, or the two lie on different ones.
    /// </summary>
    /// <returns>Whether it is a hard link.</returns>
    internal static bool LinkOrCopy(string from, string to)
    {
        var source = Target(from);
        if (OperatingSystem.IsWindows() ? CreateHardLink(to, source, 0) : Link(source, to) == 0) return true;
        File.Copy(source, to);
        return false;
    }

    /// <summary>The same for a file, or all files of a folder.</summary>
    /// <returns>Whether all of them are hard links.</returns>
    internal static bool LinkOrCopyAll(string from, string to)
    {
        if (!Directory.Exists(from)) return LinkOrCopy(from, to);
        Directory.CreateDirectory(to);
        var linked = true;
        foreach (var entry in Directory.EnumerateFileSystemEntries(from))
            linked &= LinkOrCopyAll(entry, Path.Combine(to, Path.GetFileName(entry)));
        return linked;
    }

    /// <summary>Where symbolic links lead in the end.</summary>
    static string Target(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("kernel32.dll", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string existing, nint security);
}
