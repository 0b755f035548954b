using System.Runtime.InteropServices;

namespace Dayu.Models;

/// <summary>
/// Files that are there whole or not at all, whatever stops the program and whoever else writes them: written beside
/// the target under a name of their own, flushed to the disk, then renamed. Only a regular file is ever replaced; where
/// a symbolic link has the place, the file it leads to is.
/// </summary>
public static partial class WholeFile
{
    /// <summary>Writes a file; what is there is replaced only once the new one is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="accept">Looks at it, under the path it is given, before it gets its name; throws where it may not
    /// have it.</param>
    /// <exception cref="IOException">Something other than a regular file has the place.</exception>
    public static void Write(string path, Action<Stream> write, Action<string>? accept = null)
    {
        var target = Target(path);
        var stream = PartFile.Begin(target);
        var part = stream.Name;
        FileStream? held = null;
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
                held = PartFile.Hold(stream);
            }
            accept?.Invoke(part);
            CheckPlace(target);                                       // what was free may be taken by now
            File.Move(part, target, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
        finally
        {
            held?.Dispose();
        }
    }

    /// <summary>Writes a file whose content is in memory; folders that are missing are made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <exception cref="IOException">Something other than a regular file has the place.</exception>
    public static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Target(path)))!);
        Write(path, stream => stream.Write(content));
    }

    /// <summary>Says beforehand, before hours of work, that a file cannot be written there.</summary>
    /// <exception cref="IOException">Something other than a regular file has the place.</exception>
    public static void CheckPlace(string path)
    {
        if (Directory.Exists(path)) throw new IOException($"{path} is a folder; name a file");
        if (File.Exists(path) && !IsRegular(path))
            throw new IOException($"{path} is a pipe, a device or a socket, which is not replaced by a file; name another place");
    }

    /// <summary>Where it is written in the end.</summary>
    static string Target(string path)
    {
        var target = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        CheckPlace(target);
        return target;
    }

    /// <summary>Whether a path that exists is a file with bytes of its own.</summary>
    internal static unsafe bool IsRegular(string path)
    {
        const int TypeMask = 0xF000, Regular = 0x8000;
        if (OperatingSystem.IsWindows()) return true;                 // pipes and devices have no names among files there
        var status = stackalloc int[64];
        return Stat(path, status) == 0 && (status[1] & TypeMask) == Regular;
    }

    /// <summary>The runtime's own view of stat, of one layout on every system: flags, then type and mode.</summary>
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_Stat", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Stat(string path, int* status);
}
