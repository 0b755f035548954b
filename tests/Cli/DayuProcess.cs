using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dayu.Tests;

/// <summary>The program as a process of its own, as it was built beside the tests.</summary>
static class DayuProcess
{
    static readonly string dotnet =
        Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");

    static readonly string program = Path.Combine(AppContext.BaseDirectory, "dayu.dll");

    /// <summary>Starts it; its streams are the caller's.</summary>
    public static Process Start(string[] arguments, params (string Name, string Value)[] environment) =>
        Start(dotnet, [program, .. arguments], environment);

    /// <summary>Lets a POSIX shell start it: in the script, <c>dayu</c> is the program.</summary>
    /// <param name="script">Of the shell.</param>
    /// <param name="environment">Variables, beside English and an empty folder of data.</param>
    public static async Task<(int Code, string Out, string Error)> Shell(string script, params (string Name, string Value)[] environment)
    {
        using var shell = Start("/bin/sh", ["-c", $"dayu() {{ '{dotnet}' '{program}' \"$@\"; }}\n{script}"], environment);
        shell.StandardInput.Close();
        return await End(shell);
    }

    /// <summary>What a process has written when it has ended.</summary>
    public static async Task<(int Code, string Out, string Error)> End(Process process)
    {
        var cancel = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output, await error);
    }

    static Process Start(string file, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DAYU_LANG"] = "en" },
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
