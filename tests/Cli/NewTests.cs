using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>A new project, and all that its page says, from texts to an answer.</summary>
public sealed class NewTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    Ran In(string where, params string[] words) => new Caller { Folder = where }.Run(words);

    [Theory]
    [InlineData("en", "The fox"), InlineData("zh", "从前")]
    public void EveryCommandOfItsPageRuns(string language, string prompt)
    {
        var made = In(folder.Path, "new", "mine", "--lang", language, "--json");
        Assert.True(made.Code == 0, made.Error);
        var project = folder["mine"];
        string[] steps = [.. made.Json["next"]!.AsArray().Skip(1).Select(s => (string)s!)];
        Assert.Contains($"dayu run first \"{prompt}\"", steps);
        foreach (var step in steps)
        {
            var words = step.Replace(prompt, prompt.Replace(' ', '_')).Split(' ')[1..];
            string[] more = words is ["train", ..] ? ["--steps", "20"] : [];
            var ran = In(project, [.. words.Select(w => w.Trim('"').Replace('_', ' ')), .. more]);
            Assert.True(ran.Code == 0, $"{step}: {ran.Error}");
        }
        var report = JsonNode.Parse(File.ReadAllText(Path.Combine(project, "data", "prepare.json")))!;
        Assert.True(File.Exists(Path.Combine(project, "data", "report.html")), report.ToJsonString());
        var shards = JsonNode.Parse(File.ReadAllText(Path.Combine(project, "data", "shards", "texts", "shards.json")))!;
        Assert.Equal(12, (long)shards["documents"]!);                // none of the texts that come along is dropped
        Assert.Contains(shards["files"]!.AsArray(), f => (string)f!["part"]! == "held");
        Assert.Contains("<|endoftext|>", File.ReadAllText(Path.Combine(project, "tokenizer_config.json")), StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(project, "runs", "first", "checkpoints")));
    }

    [Fact]
    public void FolderThatHasSomethingIsLeftAlone()
    {
        File.WriteAllText(folder["mine"], "");
        Assert.Contains("DAYU-2130", In(folder.Path, "new", "mine").Error, StringComparison.Ordinal);
        Assert.Contains("DAYU-2130", In(folder.Path, "new", ".").Error, StringComparison.Ordinal);
        Directory.CreateDirectory(folder["empty"]);
        Assert.Equal(0, In(folder.Path, "new", "empty").Code);
    }
}
