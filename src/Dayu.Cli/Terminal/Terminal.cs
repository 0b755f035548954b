using System.Security.Cryptography;
using System.Text;

namespace Dayu.Cli;

/// <summary>The world outside, handed in: streams, environment, time, luck. Tests have one of their own.</summary>
sealed class Terminal : IDisposable
{
    public required StandardInput In { get; init; }

    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Progress, remarks, errors.</summary>
    public required TextWriter Error { get; init; }

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

    /// <summary>Where the user's own files lie when HOME does not say.</summary>
    public string? Home { get; init; }

    public Interrupts Interrupts { get; init; } = new();

    /// <summary>An environment variable that says something.</summary>
    public string? Variable(string name) => Environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>This process's: UTF-8 in and out whatever the system thinks, no byte-order mark.</summary>
    public static Terminal OfProcess()
    {
        var utf8 = new UTF8Encoding(false);
        var input = StandardStreams.In();
        if (OperatingSystem.IsWindows()) (Console.InputEncoding, Console.OutputEncoding) = (utf8, utf8);
        return new()
        {
            In = input,
            Out = new StreamWriter(new OutputStream(StandardStreams.Out(), ownsErrors: true), utf8, 1 << 12),
            Error = new StreamWriter(new OutputStream(StandardStreams.Error(), ownsErrors: false), utf8, 1 << 10) { AutoFlush = true },
            OutIsTty = !Console.IsOutputRedirected, ErrorIsTty = !Console.IsErrorRedirected,
            Width = () => { try { return Console.WindowWidth is > 0 and var w ? w : 80; } catch (IOException) { return 80; } },
            Keys = input.IsTty ? ReadKey : null,
            Environment = System.Environment.GetEnvironmentVariable,
            Seed = () => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)),
            Folder = System.Environment.CurrentDirectory,
            Home = Profile is { Length: > 0 } known ? known : Path.GetTempPath(),
            Interrupts = Interrupts.OfProcess(),
        };
    }

    static string Profile => System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);

    /// <summary>A key. While one is waited for, Ctrl-C is a key like any other; at all other times it is a signal.</summary>
    static ConsoleKeyInfo ReadKey()
    {
        Console.TreatControlCAsInput = true;
        try { return Console.ReadKey(intercept: true); }
        finally { Console.TreatControlCAsInput = false; }
    }

    /// <summary>Hands out what is buffered, if that can be: where something else is wrong already.</summary>
    public void TryFlush()
    {
        try { Out.Flush(); }
        catch (Exception e) when (e is IOException or ReaderGoneException) { }
    }

    public void Dispose() => Interrupts.Dispose();
}
