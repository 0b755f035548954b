using System.Diagnostics;
using Dayu.Models;

namespace Dayu.Tests;

/// <summary>Files are whole or not there, whoever else writes them; what is no file is not replaced by one.</summary>
public sealed class WholeFileTests
{
    [Fact]
    public void TwoAtOnceLeaveOneWhole()
    {
        using var folder = new TempFolder();
        using var bothWrite = new Barrier(2);
        void Write(byte value) => WholeFile.Write(folder["a"], stream =>
        {
            bothWrite.SignalAndWait(TestContext.Current.CancellationToken);
            for (var i = 0; i < 3; i++) stream.Write(Enumerable.Repeat(value, 1 << 20).ToArray());
        });
        Parallel.Invoke(() => Write(1), () => Write(2));
        var found = File.ReadAllBytes(folder["a"]);
        Assert.Equal(3 << 20, found.Length);
        Assert.Single(found.Distinct());
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>One fails while the other is at work: the other's file is not touched.</summary>
    [Fact]
    public void OneThatFailsLeavesTheOtherAlone()
    {
        using var folder = new TempFolder();
        WholeFile.Write(folder["a"], stream =>
        {
            stream.WriteByte(2);
            Assert.Throws<ArithmeticException>(() => WholeFile.Write(folder["a"], other =>
            {
                other.WriteByte(1);
                throw new ArithmeticException();
            }));
        });
        Assert.Equal([2], File.ReadAllBytes(folder["a"]));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AQuantizeBesideAnotherIsWhole()
    {
        using var folder = new TempFolder();
        string[] line = ["quantize", TestModels.Gguf, "--to", "q8_0", "-o", folder["o.gguf"], "--no-speed", "-y"];
        var codes = new int[2];
        Parallel.For(0, 2, i => codes[i] = Caller.Do(line).Code);
        Assert.Equal([0, 0], codes);
        using var whole = GgufFile.Open(folder["o.gguf"]);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void APipeStaysAPipe()
    {
        using var folder = new TempFolder();
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no pipes among its files");
        using (var made = Process.Start("mkfifo", folder["pipe.gguf"])) made.WaitForExit();
        File.CreateSymbolicLink(folder["link.gguf"], folder["pipe.gguf"]);
        foreach (var target in (string[])[folder["pipe.gguf"], folder["link.gguf"]])
        {
            Throws.Saying<IOException>("a pipe, a device or a socket", () => WholeFile.Write(target, new byte[1]));
            var ran = Caller.Do("quantize", TestModels.Gguf, "--to", "q8_0", "-o", target, "-y", "--no-speed");
            Assert.Equal(1, ran.Code);
            ran.Warns("name another place");
        }
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
        Throws.Saying<IOException>("a pipe, a device or a socket", () => WholeFile.Write("/dev/null", new byte[1]));
        Assert.Equal(0, new FileInfo("/dev/null").Length);
    }

    [Fact]
    public void ALinkLeadsToWhatIsReplaced()
    {
        using var folder = new TempFolder();
        WholeFile.Write(folder["deep/a"], [1]);
        File.CreateSymbolicLink(folder["link"], folder["deep/a"]);
        WholeFile.Write(folder["link"], [2]);
        Assert.Equal([2], File.ReadAllBytes(folder["deep/a"]));
        Assert.NotNull(new FileInfo(folder["link"]).LinkTarget);
        Throws.Saying<IOException>("is a folder", () => WholeFile.Write(folder["deep"], [1]));
    }
}
