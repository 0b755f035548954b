using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Dayu.Cli;

/// <summary>The world outside, handed in: streams, environment, time, luck. Tests have one of their own.</summary>
sealed class Terminal : IDisposable
{
    public required TextReader In { get; init; }

    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Progress, remarks, errors.</summary>
    public required TextWriter Error { get; init; }

    public bool InIsTty { get; init; }

    public bool OutIsTty { get; init; }

    public bool ErrorIsTty { get; init; }

    /// <summary>Columns of the window.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>Keys as they are pressed; null: there is no keyboard.</summary>
    public Func<ConsoleKeyInfo>? Keys { get; init; }

    public Func<string, string?> Environment { get; init; } = _ => null;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A seed where none is given.</summary>
    public Func<ulong> Seed { get; init; } = () => 0;

    /// <summary>Bytes of memory that this machine has, or lets this process take.</summary>
    public long Memory { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The current folder.</summary>
    public string Folder { get; init; } = ".";

    public Interrupts Interrupts { get; init; } = new();

    /// <summary>An environment variable that says something.</summary>
    public string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>This process's: UTF-8 in and out whatever the system thinks, no byte-order mark.</summary>
    public static Terminal OfProcess()
    {
        var utf8 = new UTF8Encoding(false);
        var tty = !Console.IsInputRedirected;
        if (OperatingSystem.IsWindows()) (Console.InputEncoding, Console.OutputEncoding) = (utf8, utf8);
        return new()
        {
            In = new StreamReader(Console.OpenStandardInput(), utf8),
            Out = new StreamWriter(new PipeStream(Result(), ownsErrors: true), utf8, 1 << 12),
            Error = new StreamWriter(new PipeStream(Console.OpenStandardError(), ownsErrors: false), utf8, 1 << 10) { AutoFlush = true },
            InIsTty = tty, OutIsTty = !Console.IsOutputRedirected, ErrorIsTty = !Console.IsErrorRedirected,
            Width = () => { try { return Console.WindowWidth is > 0 and var w ? w : 80; } catch (IOException) { return 80; } },
            Keys = tty ? ReadKey : null,
            Environment = System.Environment.GetEnvironmentVariable,
            Seed = () => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)),
            Folder = System.Environment.CurrentDirectory,
            Interrupts = Interrupts.OfProcess(),
        };
    }

    /// <summary>A key. While one is waited for, Ctrl-C is a key like any other; at all other times it is a signal.</summary>
    static ConsoleKeyInfo ReadKey()
    {
        Console.TreatControlCAsInput = true;
        try { return Console.ReadKey(intercept: true); }
        finally { Console.TreatControlCAsInput = false; }
    }

    /// <summary>
    /// Standard output. The console's own stream says nothing when a pipe's reader has gone; a file stream does. On what can be
    /// seeked it would write at places of its own, so it is for pipes only.
    /// </summary>
    static Stream Result()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected) return Console.OpenStandardOutput();
        var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }

    /// <summary>Hands out what is buffered; to a reader that has gone, nothing.</summary>
    public void Flush()
    {
        try { Out.Flush(); }
        catch (ReaderGoneException) { }
        Error.Flush();
    }

    public void Dispose()
    {
        Flush();
        Interrupts.Dispose();
    }
}
