using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>A store without a command line: names, imports, copies, removals, locks.</summary>
public sealed class ModelStoreTests : IDisposable
{
    readonly TempFolder data = new();

    ModelStore Store => new(data["models"]);

    public void Dispose() => data.Dispose();

    StoredFile[] Import(string source, string name, ImportKind kind = ImportKind.Copy)
    {
        using var slot = Store.Hold(name);
        slot.CheckFree(replace: false);
        return ModelImport.Of(source).Into(slot, kind, TimeProvider.System, (_, _) => { }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void WhatCameInIsFoundByItsName()
    {
        var file = Assert.Single(Import(TestModels.Gguf, "owner/name:tag"));
        var found = Store.Find("OWNER/name@tag")!;
        Assert.Equal(("owner/name:tag", data["models/owner/name@tag.gguf"]), (found.Name, found.Root));
        Assert.Equal(TestHub.Sha256(File.ReadAllBytes(found.Path)), file.Sha256);
        Assert.Equal((TestModels.Gguf, file), (Store.ManifestOf(found.Name)!.Source, Store.ManifestOf(found.Name)!.Files[0]));
        Assert.Equal(file.Bytes, Store.BytesOf(found.Name));
        Assert.Null(Store.Find("owner/name"));
    }

    [Fact]
    public void ANameIsTakenOnce()
    {
        Import(TestModels.Gguf, "a");
        Assert.Equal(TestModels.Gguf, Assert.Throws<ModelExistsException>(() => Import(TestModels.Gguf, "a")).Manifest!.Source);
        var conflict = Assert.Throws<ModelNameException>(() => Import(TestModels.Gguf, "a/b"));
        Assert.Equal(("a/b", "a"), (conflict.Name, conflict.Conflict!));
        using var held = Store.Hold("a");
        Assert.Equal("A", Assert.Throws<ModelLockedException>(() => Store.Hold("A")).Name);
    }

    [Fact]
    public void FoldersWithoutAModelAreRefused()
    {
        Directory.CreateDirectory(data["empty"]);
        var refused = Assert.Throws<FileSelectionException>(() => ModelImport.Of(data["empty"]));
        Assert.Equal((data["empty"], null), (refused.From, refused.Wanted));
        File.WriteAllText(data["a.gguf"], "nothing");
        Assert.Throws<NotSupportedException>(() => Import(data["a.gguf"], "a"));
        Assert.Empty(Store.Models());
    }

    [Fact]
    public void ACopyOutlivesItsModel()
    {
        Import(TestModels.Gguf, "a");
        using (var from = Store.Hold("a"))
        using (var to = Store.Hold("o/b"))
        {
            Assert.True(to.CopyFrom(from, TimeProvider.System));
            from.Remove();
        }
        Assert.Equal("o/b", Assert.Single(Store.Models()).Name);
        Assert.Equal(TestModels.Gguf, Store.ManifestOf("o/b")!.Source);
    }

    /// <summary>Its owner's folder was never made.</summary>
    [Fact]
    public void WhatIsNotFinishedCanBeRemoved()
    {
        Directory.CreateDirectory(data["models/.store/partial/o+half@q4/parts"]);
        Assert.Equal(["o/half:q4"], Store.Unfinished());
        using (var slot = Store.Hold("o/half:q4")) slot.Remove();
        Assert.Empty(Store.Unfinished());
    }
}
