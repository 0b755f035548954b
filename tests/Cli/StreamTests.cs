using System.Diagnostics;

namespace Dayu.Tests;

/// <summary>Streams that are closed, full, silent or gone: said or worked with, never a crash, never a wait for ever.</summary>
public sealed class StreamTests
{
    static Task<(int Code, string Out, string Error)> Shell(string script)
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no such shell");
        return DayuProcess.Shell(script, ("MODEL", TestModels.Stories), ("DAYU_DATA_DIR", "/nonexistent"));
    }

    [Theory]
    [InlineData("dayu run \"$MODEL\" Once -n 3 --temperature 0 <&-", 0, ""), InlineData("dayu run \"$MODEL\" <&-", 2, "DAYU-2009"),
     InlineData("dayu chat \"$MODEL\" <&-", 0, ""), InlineData("dayu tokenizer encode -m \"$MODEL\" <&-", 0, "")]
    public async Task ClosedInputIsEmpty(string script, int code, string says)
    {
        var ran = await Shell(script);
        Assert.True(code == ran.Code, ran.Error);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("> /dev/full"), InlineData(">&-")]
    public async Task OutputThatCannotBeWrittenIsAnError(string where)
    {
        if (where.Contains("full", StringComparison.Ordinal) && !File.Exists("/dev/full")) Assert.Skip("no /dev/full here");
        foreach (var verb in (string[])["--help", "help exit-codes", "run \"$MODEL\" Once -n 3"])
        {
            var ran = await Shell($"dayu {verb} {where}");
            Assert.True(ran.Code == 1, $"{verb}: {ran.Code}: {ran.Error}");
            Assert.Contains("DAYU-1016", ran.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AReaderThatHasGoneIsNoError()
    {
        var ran = await Shell(
            "{ dayu run \"$MODEL\" Once -n 400; echo $? >&3; } 3>&1 </dev/null >/dev/null | cat; dayu help exit-codes 2>&1 | true");
        Assert.Equal(("0\n", ""), (ran.Out, ran.Error));
    }

    [Fact]
    public async Task ALoopKeepsItsLines()
    {
        var ran = await Shell("printf 'Once\\nThere\\nShe\\n' | while read line; do dayu run \"$MODEL\" \"$line\" -n 2 -q; echo; done");
        Assert.Equal(3, ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("", ran.Error);
    }

    /// <summary>Nothing is at the other end, and then the program is told to end.</summary>
    [Fact]
    public async Task ASilentPipeIsSaidAndTermEndsTheWait()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no SIGTERM");
        using var program = DayuProcess.Start(["run", TestModels.Stories]);
        Assert.Contains("standard input", await program.StandardError.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Equal(143, await Terminated(program));
    }

    static async Task<int> Terminated(Process program)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        return program.ExitCode;
    }

    /// <summary>A pipe in a folder of models is listed for what it is, not waited for.</summary>
    [Fact]
    public async Task WhatIsNoFileIsNotOpened()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no such pipes");
        using var folder = new TempFolder();
        using (var make = Process.Start("mkfifo", [folder["pipe.gguf"]]))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(folder["link.gguf"], folder["pipe.gguf"]);
        var caller = new Caller { Folder = folder.Path };
        var listed = caller.Run("ls");
        Assert.Equal(0, listed.Code);
        listed.Warns("pipe.gguf is empty, or no file but a pipe or a device");
        listed.Warns("link.gguf is empty");
        foreach (var verb in (string[])["show", "run", "chat", "tokenizer encode x -m"])
            Assert.Equal(7, caller.Run([.. verb.Split(' '), "pipe.gguf"]).Code);
    }
}
