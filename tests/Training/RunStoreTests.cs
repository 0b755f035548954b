using System.Text;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Folders of runs: whose they are, what they may be called, what is left of a killed process.</summary>
public sealed class RunStoreTests : IDisposable
{
    readonly TempFolder folder = new();

    RunStore Store => new(folder.Path);

    /// <summary>From the first moment on it is one process's: nobody makes it twice, nobody trains it meanwhile.</summary>
    [Fact]
    public void AClaimedFolderIsHeld()
    {
        var run = Store.Create("one", "run");
        Assert.True(run.IsHeld);
        Assert.Equal(RunFault.Taken, Assert.Throws<RunException>(() => Store.Create("one", "run")).Fault);
        Assert.Equal(RunFault.Held, Assert.Throws<RunException>(() => new RunFolder(run.Path).Hold()).Fault);
        using (run.Hold()) Assert.True(run.IsHeld);                   // the one it was claimed with
        Assert.False(run.IsHeld);
    }

    /// <summary>A process was killed between taking the folder and writing the recipe: the name is free, what it left is not.</summary>
    [Fact]
    public void WhatWasNeverBegunIsTakenAgain()
    {
        var dead = Store.Create("one", "run");
        File.WriteAllText(Path.Combine(dead.Path, "tokenizer.model"), "half");
        dead.Hold().Dispose();
        var run = Store.Create("one", "run");
        Assert.True(run.IsHeld);
        Assert.Equal([".lock"], Directory.GetFileSystemEntries(run.Path).Select(Path.GetFileName));
        run.Remove();
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>Nobody's files are mixed with a run's, or emptied for one.</summary>
    [Fact]
    public void AFolderOfSomethingElseIsLeftAlone()
    {
        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(folder["mine/notes.txt"], "");
        Assert.Throws<RunException>(() => Store.Create("mine", "run"));
        Directory.CreateDirectory(folder["run-0001/checkpoints"]);    // of a run that lost its recipe
        File.WriteAllText(folder["run-0001/.lock"], "");
        Assert.Equal("run-0002", Store.Create(null, "run").Name);
        Assert.True(File.Exists(folder["mine/notes.txt"]));
        Assert.True(Directory.Exists(folder["run-0001/checkpoints"]));
    }

    [Fact]
    public void ARunThatIsHeldIsNotRemoved()
    {
        var run = MadeRun.Write(folder.Path, "a", 3);
        using (new RunFolder(run.Path).Hold()) Assert.Throws<RunException>(run.Remove);
        Assert.True(run.Exists);
        run.Remove();
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>What killed processes left is gone with the next that tries something; what is held stays.</summary>
    [Fact]
    public void ScratchFoldersOfTheDeadAreRemoved()
    {
        var (dead, live) = (Store.Scratch(), Store.Scratch());
        File.WriteAllText(Path.Combine(dead.Path, "recipe.json"), "{}");
        Assert.Empty(Store.Runs);
        dead.Hold().Dispose();
        Directory.CreateDirectory(folder[".gone-1/checkpoints"]);
        MadeRun.Write(folder.Path, "a", 3);
        var next = Store.Scratch();
        Assert.Equal(new[] { live.Path, next.Path, folder["a"] }.Order(StringComparer.Ordinal),
            Directory.GetDirectories(folder.Path).Order(StringComparer.Ordinal));
        live.Remove();
        next.Remove();
    }

    /// <summary>File systems count bytes: 100 Chinese characters are 300.</summary>
    [Theory]
    [InlineData("训", 66, true), InlineData("训", 67, false)]
    [InlineData("a", 200, true), InlineData("a", 201, false)]
    [InlineData("\U00020000", 50, true), InlineData("\U00020000", 51, false)]
    public void NamesAreMeasuredInBytes(string sign, int count, bool isName)
    {
        var name = string.Concat(Enumerable.Repeat(sign, count));
        if (isName)
        {
            var run = Store.Create(name, "run");
            File.WriteAllText(run.RecipePath, "{}");
            Assert.NotNull(Store.Find(name));
        }
        else Assert.Contains("at most 200", Assert.Throws<RunException>(() => Store.Check(name)).Message, StringComparison.Ordinal);
        var made = Store.Create(null, name);
        Assert.InRange(Encoding.UTF8.GetByteCount(made.Name), 190, RunStore.LongestName);
        Assert.EndsWith("-0001", made.Name, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', made.Name);
    }

    [Fact]
    public void WhatAPartOfARunIsCalled()
    {
        Assert.Equal(("a", "12"), RunStore.Parts("a@12"));
        Assert.Equal(("a@b", ""), RunStore.Parts("a@b@"));
        Assert.Equal(("a", null), RunStore.Parts("a"));
        MadeRun.Write(folder.Path, "a", 3);
        Assert.Equal(3, Store.Checkpoint("a")!.Step);
        Assert.Equal(folder["a/checkpoints/0000003"], Store.Checkpoint("a@3")!.Path);
        foreach (var none in (string[])["a@4", "a@", "a@-3", "b@3", "a@3.0"]) Assert.Null(Store.Checkpoint(none));
    }

    public void Dispose() => folder.Dispose();
}
