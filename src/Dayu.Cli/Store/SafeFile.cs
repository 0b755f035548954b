using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dayu.Cli;

/// <summary>Files that are there whole or not at all.</summary>
static partial class SafeFile
{
    const int Piece = 1 << 20;

    /// <summary>Writes beside the file, to the disk, and then puts it in its place.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        var beside = $"{target}.{Environment.ProcessId}.tmp";
        try
        {
            using (var file = new FileStream(beside, FileMode.Create, FileAccess.Write))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, target, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>Copies a file, to the disk.</summary>
    /// <param name="from">What is read.</param>
    /// <param name="to">The copy; null: it is only read.</param>
    /// <param name="report">Told of how many bytes more.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Length and SHA-256 of what was read.</returns>
    public static (long Bytes, string Sha256) Copy(string from, string? to, Action<long> report, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        using var copy = to is null ? null : new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        var (piece, bytes) = (new byte[Piece], 0L);
        while (source.Read(piece) is > 0 and var n)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(piece, 0, n);
            copy?.Write(piece, 0, n);
            report(n);
            bytes += n;
        }
        copy?.Flush(flushToDisk: true);
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>A second name for the same file; where the file system has no such thing, or it is another one, a copy.</summary>
    /// <returns>Whether it is a second name.</returns>
    public static bool LinkOrCopy(string from, string to)
    {
        var source = File.ResolveLinkTarget(from, returnFinalTarget: true)?.FullName ?? from;
        if (OperatingSystem.IsWindows() ? CreateHardLink(to, source, 0) : Link(source, to) == 0) return true;
        File.Copy(source, to);
        return false;
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    [LibraryImport("kernel32.dll", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string name, string existing, nint security);
}
