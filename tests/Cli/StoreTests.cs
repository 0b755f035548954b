namespace Dayu.Tests;

/// <summary>The store: import, cp, rm, names, and what another process or a killed one leaves.</summary>
public sealed class StoreTests
{
    static Caller At(TempFolder data) => new() { Environment = { ["DAYU_DATA_DIR"] = data["data"] }, Folder = data.Path };

    static string[] Names(TempFolder data) => [.. At(data).Run("ls", "--json").Json["models"]!.AsArray().Select(m => (string)m!["name"]!)];

    [Fact]
    public void AFileComesInUnderAName()
    {
        using var data = new TempFolder();
        File.Copy(TestModels.Gguf, data["my model (1).gguf"]);
        var ran = At(data).Run("import", "my model (1).gguf", "--json");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal("v name path source how bytes files", ran.Keys);
        Assert.Equal(("my-model-1", "copy"), ((string)ran.Json["name"]!, (string)ran.Json["how"]!));
        Assert.True(File.Exists(data["data/models/my-model-1.gguf"]));
        Assert.Equal(2, At(data).Run("import", "my model (1).gguf").Code);   // not replaced unasked
        Assert.Equal(0, At(data).Run("import", "my model (1).gguf", "-y", "--as", "owner/name:tag").Code);
        Assert.True(File.Exists(data["data/models/owner/name@tag.gguf"]));
        var origin = At(data).Run("show", "owner/name:tag", "--json").Json["origin"]!;
        Assert.Equal(data["my model (1).gguf"], (string)origin["source"]!);
        Assert.Equal(TestHub.Sha256(File.ReadAllBytes(TestModels.Gguf)), (string)origin["files"]![0]!["sha256"]!);
        Assert.Equal(0, At(data).Run("show", "OWNER/name@TAG").Code);
        Assert.Contains("'my-model-1'", At(data).Run("show", "my-modle-1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderComesInWithoutWhatIsNoModel()
    {
        using var data = new TempFolder();
        var ran = At(data).Run("import", Fixtures.GoldenOrSkip("llama"), "--json");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Contains("outputs.safetensors", ran.Error, StringComparison.Ordinal);
        var files = Directory.EnumerateFiles(data["data/models/llama"]).Select(f => Path.GetFileName(f));
        Assert.Equal(["config.json", "model.safetensors"], files.Order());
        Assert.Equal(0, At(data).Run("import", Path.Combine(Fixtures.GoldenOrSkip("gpt2"), "model.safetensors"), "--as", "g").Code);
        Assert.True(File.Exists(data["data/models/g/config.json"]));
        Assert.Equal(["g", "llama"], Names(data));
    }

    [Fact]
    public void MovedAndLinked()
    {
        using var data = new TempFolder();
        File.WriteAllBytes(data["a.gguf"], File.ReadAllBytes(TestModels.Gguf));
        Assert.Equal("link", (string)At(data).Run("import", "a.gguf", "--link", "--as", "linked", "--json").Json["how"]!);
        Assert.NotNull(new FileInfo(data["data/models/linked.gguf"]).LinkTarget);
        Assert.Equal(0, At(data).Run("show", "linked").Code);
        Assert.Equal("move", (string)At(data).Run("import", "a.gguf", "--move", "--as", "moved", "--json").Json["how"]!);
        Assert.False(File.Exists(data["a.gguf"]));
        Assert.Equal(0, At(data).Run("show", "moved").Code);
        var listed = At(data).Run("ls", "--json");
        Assert.Equal(0, listed.Code);                                 // its file has gone: said, and nothing else fails
        Assert.Contains("linked", listed.Error, StringComparison.Ordinal);
        Assert.Equal(0, At(data).Run("rm", "linked", "-y").Code);
        Assert.Equal(["moved"], Names(data));
    }

    [Fact]
    public void DamagedFilesDoNotHideTheOthers()
    {
        using var data = new TempFolder();
        File.WriteAllBytes(data["empty.gguf"], []);
        File.WriteAllBytes(data["cut.gguf"], File.ReadAllBytes(TestModels.Gguf)[..1000]);
        File.WriteAllBytes(data["whole.gguf"], File.ReadAllBytes(TestModels.Gguf));
        var listed = At(data).Run("ls", "--json");
        Assert.Equal((0, 3), (listed.Code, listed.Json["models"]!.AsArray().Count));
        Assert.All((string[])["empty", "cut"], name => Assert.Contains(name, listed.Error, StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIsNoModelStaysOut()
    {
        using var data = new TempFolder();
        File.WriteAllText(data["no.gguf"], "nothing");
        Assert.Equal(7, At(data).Run("import", "no.gguf").Code);
        Assert.Equal(3, At(data).Run("import", "nowhere.gguf").Code);
        Directory.CreateDirectory(data["empty"]);
        Assert.Equal(3, At(data).Run("import", "empty").Code);
        Assert.Equal(2, At(data).Run("import", "no.gguf", "--move", "--link").Code);
        Assert.False(File.Exists(data["data/models/no.gguf"]));
    }

    [Fact]
    public void ACopySharesItsFiles()
    {
        using var data = new TempFolder();
        Assert.Equal(0, At(data).Run("import", Fixtures.GoldenOrSkip("llama"), "--as", "a").Code);
        var ran = At(data).Run("cp", "a", "b/c", "--json");
        Assert.Equal(("b/c", "hard-link"), ((string)ran.Json["name"]!, (string)ran.Json["how"]!));
        Assert.Equal(2, At(data).Run("cp", "a", "b/c").Code);
        Assert.Equal(2, At(data).Run("cp", "a", "a").Code);
        Assert.Equal(3, At(data).Run("cp", "nothing", "x").Code);
        Assert.Equal(0, At(data).Run("rm", "a", "-y").Code);
        Assert.Equal(0, At(data).Run("show", "b/c").Code);
        Assert.NotNull(At(data).Run("show", "b/c", "--json").Json["origin"]);
    }

    [Fact]
    public void NothingIsDeletedUnasked()
    {
        using var data = new TempFolder();
        foreach (var name in (string[])["a", "b", "o/c"]) Assert.Equal(0, At(data).Run("import", TestModels.Gguf, "--as", name).Code);
        Assert.Equal(2, At(data).Run("rm", "a").Code);
        Assert.Equal(3, At(data).Run("rm", "a", "nothing", "-y").Code);   // none, if not all
        File.Copy(TestModels.Gguf, data["own.gguf"]);
        Assert.Equal(3, At(data).Run("rm", "own.gguf", "-y").Code);
        Assert.Equal(1, Answering("n").Run("rm", "a").Code);
        Assert.Equal(["a", "b", "o/c", "own.gguf"], Names(data));
        Assert.Equal(0, Answering("y").Run("rm", "a").Code);
        var removed = At(data).Run("rm", "b", "o/c", "-y", "--json").Json["removed"]!.AsArray();
        Assert.Equal(["b", "o/c"], removed.Select(m => (string)m!["name"]!));
        Assert.Equal(["own.gguf"], Names(data));
        Assert.Equal([".store"], Directory.EnumerateFileSystemEntries(data["data/models"]).Select(f => Path.GetFileName(f)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(data["data/models/.store/trash"]));

        Caller Answering(string word) => new() { Environment = { ["DAYU_DATA_DIR"] = data["data"] }, IsTty = true, Input = word + "\n" };
    }

    [Fact]
    public void AModelDoesNotLieInAModel()
    {
        using var data = new TempFolder();
        Assert.Equal(0, At(data).Run("import", Fixtures.GoldenOrSkip("llama"), "--as", "a").Code);
        Assert.Contains("DAYU-1015", At(data).Run("import", TestModels.Gguf, "--as", "a/b").Error, StringComparison.Ordinal);
        Assert.Equal(0, At(data).Run("import", TestModels.Gguf, "--as", "o/b").Code);
        Assert.Contains("DAYU-1015", At(data).Run("cp", "a", "o").Error, StringComparison.Ordinal);
        Assert.Equal(["a", "o/b"], Names(data));
        Assert.Equal("a\no/b\n", At(data).Run("complete").Out);
    }

    [Fact]
    public void ANameIsHeldByOneProcess()
    {
        using var data = new TempFolder();
        Assert.Equal(0, At(data).Run("import", TestModels.Gguf, "--as", "a").Code);
        Directory.CreateDirectory(data["data/models/.store/locks"]);
        using (new FileStream(data["data/models/.store/locks/a"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Contains("DAYU-1010", At(data).Run("rm", "A", "-y").Error, StringComparison.Ordinal);
            Assert.Equal(1, At(data).Run("import", TestModels.Gguf, "--as", "a", "-y").Code);
            Assert.Equal(0, At(data).Run("show", "a").Code);
        }
        Assert.Equal(0, At(data).Run("rm", "a", "-y").Code);
    }

    /// <summary>A process was killed in the middle of an import, and another in the middle of a deletion.</summary>
    [Fact]
    public void LeftoversAreToldAndGo()
    {
        using var data = new TempFolder();
        Directory.CreateDirectory(data["data/models/.store/partial/o+half/files"]);
        File.WriteAllText(data["data/models/.store/partial/o+half/files/x.gguf"], "half");
        Directory.CreateDirectory(data["data/models/.store/trash/12345"]);
        var listed = At(data).Run("ls", "--json");
        Assert.Empty(listed.Json["models"]!.AsArray());
        Assert.Contains("dayu rm o/half", listed.Error, StringComparison.Ordinal);
        Assert.Equal(0, At(data).Run("import", TestModels.Gguf, "--as", "o/half").Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(data["data/models/.store/partial"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(data["data/models/.store/trash"]));
        Directory.CreateDirectory(data["data/models/.store/partial/gone"]);
        Assert.Equal(0, At(data).Run("rm", "gone", "-y").Code);
        Assert.Equal(["o/half"], Names(data));
    }

    /// <summary>Only what has come, and says what it is of, can be gone on with.</summary>
    [Fact]
    public void UnfinishedPullsAreListedIfTheyCanGoOn()
    {
        using var data = new TempFolder();
        foreach (var name in (string[])["nothing", "part", "unknown"]) Directory.CreateDirectory(Parts(name));
        foreach (var name in (string[])["part", "unknown"]) File.WriteAllText(Path.Combine(Parts(name), "m.gguf.part"), "half");
        File.WriteAllText(Path.Combine(Parts("part"), "m.gguf.id"), "sha256:x");
        var listed = At(data).Run("ls");
        listed.Warns("The same dayu pull goes on with it; dayu rm o/part");
        listed.Warns("begin anew, or throw them away with dayu rm o/unknown");
        Assert.DoesNotContain("o/nothing", listed.Error, StringComparison.Ordinal);

        string Parts(string name) => data[$"data/models/.store/partial/o+{name}/parts"];
    }

    [Fact]
    public void TheFolderOfDataCanBeAnother()
    {
        using var data = new TempFolder();
        Assert.Equal(0, At(data).Run("import", TestModels.Gguf, "--as", "a", "--data-dir", "other").Code);
        Assert.True(File.Exists(data["other/models/a.gguf"]));
        Assert.Equal(0, At(data).Run("show", "a", "--data-dir=other").Code);
        Assert.Equal(3, At(data).Run("show", "a").Code);
    }
}
