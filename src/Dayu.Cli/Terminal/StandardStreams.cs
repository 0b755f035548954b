using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dayu.Cli;

/// <summary>
/// The three streams a process is born with. One that the parent closed is not trusted: the runtime has by then opened a file of its
/// own under that number, and reading it waits for ever, writing it damages what it is.
/// </summary>
static partial class StandardStreams
{
    const int GetFlags = 1, CloseOnExec = 1;                         // fcntl's F_GETFD, FD_CLOEXEC

    /// <summary>Standard input; one that is closed is empty.</summary>
    public static StandardInput In()
    {
        if (!IsInherited(0)) return new(Stream.Null, isTty: false);
        return new(Console.OpenStandardInput(), !Console.IsInputRedirected) { IsPipe = IsPipe() };
    }

    /// <summary>
    /// Standard output. The console's own stream says nothing when a pipe's reader has gone; a file stream does. On what can be
    /// seeked it would write at places of its own, so it is for pipes only.
    /// </summary>
    public static Stream? Out()
    {
        if (!IsInherited(1)) return null;
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }

    public static Stream? Error() => IsInherited(2) ? Console.OpenStandardError() : null;

    /// <summary>What a parent hands over is not closed on exec, or it would not be here; all that the runtime opens is.</summary>
    static bool IsInherited(int descriptor) => OperatingSystem.IsWindows() || (fcntl(descriptor, GetFlags) & CloseOnExec) == 0;

    /// <summary>Whether another program writes standard input; a file and the null device can be seeked.</summary>
    static bool IsPipe()
    {
        if (OperatingSystem.IsWindows() || !Console.IsInputRedirected) return false;
        try
        {
            using var input = new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
            return !input.CanSeek;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException) { return false; }
    }

    [LibraryImport("libc")] private static partial int fcntl(int descriptor, int command);
}
