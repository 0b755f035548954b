using System.IO.Compression;
using Dayu.Cpu;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Sources are opened once and tokenised once, as long as they are to be tokenised alike.</summary>
public sealed class TrainingSourcesTests : IDisposable
{
    static readonly string text = string.Concat(Enumerable.Range(0, 100).Select(i => $"{i} is {i * i}, "));

    readonly TinyRun run = new();

    [Fact]
    public void WhoeverTrainsAgainHasTheSameIds()
    {
        using var on = new CpuBackend(1, exact: true);
        var (folder, other) = (run.Begun("one", [text]), run.Begun("other", [text, "龙"]));
        var recipe = TinyRun.Recipe(TinyRun.Gpt, """["a.txt"]""");
        using var sources = TrainingSources.Of(recipe.Data, [text]);
        using var first = new TrainingRun(folder, recipe, sources, on, TimeProvider.System);
        var copy = run.Begun("copy", [text]);
        using var second = new TrainingRun(copy, recipe with { Seed = 7 }, sources, on, TimeProvider.System);
        Assert.Same(first.Data.Sources[0], second.Data.Sources[0]);
        using var third = new TrainingRun(other, recipe, sources, on, TimeProvider.System);
        Assert.NotSame(first.Data.Sources[0], third.Data.Sources[0]);
        var less = recipe with { Data = recipe.Data with { Validation = 0.4 } };
        var held = run.Begun("held", [text]);
        using var fourth = new TrainingRun(held, less, sources, on, TimeProvider.System);
        Assert.True(fourth.Data.Tokens.Validation > third.Data.Tokens.Validation);
    }

    /// <summary>What a file's name says decides how it is read.</summary>
    [Theory]
    [InlineData("a.txt", true, false), InlineData("a.md", true, false), InlineData("a", true, false), InlineData("a.txt.zst", true, false)]
    [InlineData("a.jsonl", false, true), InlineData("A.JSONL.GZ", false, true), InlineData("a.csv.zst", false, true)]
    [InlineData("a.parquet", false, true), InlineData("a.html", false, false), InlineData("a.htm.gz", false, false)]
    public void NamesSayWhatIsInAFile(string path, bool isPlain, bool hasDocuments) =>
        Assert.Equal((isPlain, hasDocuments), (SourceRecipe.IsPlain(path), SourceRecipe.HasDocuments(path)));

    /// <summary>Conversations in a packed file; one line that is none is named with what is wrong.</summary>
    [Fact]
    public void PackedConversationsAreRead()
    {
        var path = run.Folder["c.jsonl.gz"];
        using (var file = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest)))
        {
            file.WriteLine("""{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}""");
            file.WriteLine("""{"messages": [}""");
        }
        using var read = (SourceText)SourceContent.Open(new() { Path = path }, SourceKind.Chat);
        Assert.Equal("c.jsonl.gz:1", Assert.Single(read.Documents).Place);
        Assert.Equal("ab", read.Documents[0].Text);
        var skipped = Assert.Single(read.Skipped);
        Assert.Equal("c.jsonl.gz:2", skipped.Place);
        Assert.StartsWith("column 15, in 'messages': no sound JSON: '}' is found", skipped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ATextThatCannotBeReadIsNamed()
    {
        File.WriteAllBytes(run.Folder["bad.txt"], [65, 0xff, 66]);
        Throws.Saying<RecipeException>("bad.txt: it is no UTF-8", () => Open("bad.txt"));
        Throws.Saying<RecipeException>("no such file", () => Open("none.txt"));
        File.WriteAllBytes(run.Folder["bad.txt.zst"], [1, 2, 3, 4, 5, 6, 7, 8]);
        Throws.Saying<RecipeException>("damaged", () => Open("bad.txt.zst"));
        Throws.Saying<RecipeException>("is a folder", () => Open("."));

        SourceContent Open(string name) => SourceContent.Open(new() { Path = run.Folder[name] }, SourceKind.Text);
    }

    public void Dispose() => run.Dispose();
}
