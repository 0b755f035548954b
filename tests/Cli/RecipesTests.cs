using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Every recipe of the repository can be followed: read, resolved from where it lies, and trained for some steps.</summary>
public sealed class RecipesTests : IDisposable
{
    readonly TempFolder folder = new();

    public static TheoryData<string> Names =>
        [.. House.Files.Select(f => f.Split('/')).Where(f => f is ["recipes", _, "recipe.json"]).Select(f => f[1])];

    [Theory, MemberData(nameof(Names))]
    public void ARecipeCanBeFollowed(string name)
    {
        File.WriteAllText(folder["dayu.json"], "{}");
        Directory.CreateDirectory(folder[name]);
        File.Copy(House.At($"recipes/{name}/recipe.json"), folder[$"{name}/recipe.json"]);
        var lines = Enumerable.Range(0, 200).Select(i => $"ROMEO:\nI am {i} times thine.\n");
        File.WriteAllText(folder[$"{name}/input.txt"], string.Concat(lines));
        var ran = new Caller { Folder = folder.Path }.Run(
            ["train", $"{name}/recipe.json", "--steps", "3", "--name", "made", "--set", "schedule.warmup=1", "eval.every=2"]);
        Assert.True(ran.Code == 0, ran.Error);
        var made = RecipeFile.Read(folder["runs/made/recipe.json"], []);
        Assert.Equal(folder[$"{name}/input.txt"], made.Data.Sources.Single().Path);
        Assert.NotEmpty(Directory.GetDirectories(folder["runs/made/checkpoints"]));
    }

    /// <summary>What was measured stands beside it, and is of this recipe.</summary>
    [Theory, MemberData(nameof(Names))]
    public void ARecipeHasItsResult(string name)
    {
        var result = JsonNode.Parse(House.Text($"recipes/{name}/result.json"))!.AsObject();
        var recipe = RecipeFile.Read(House.At($"recipes/{name}/recipe.json"), []);
        Assert.Equal(recipe.Schedule.Steps, (long)result["steps"]!);
        Assert.InRange((double)result["validation_loss"]!, 0.5, 5);
        Assert.True((long)result["parameters"]! > 0);
        Assert.Contains($"[{name}]({name}", House.Text("recipes/README.md"), StringComparison.Ordinal);
    }

    /// <summary>Paths of a file are relative to it, those of the command line to the current folder.</summary>
    [Fact]
    public void PathsAreRelativeToTheRecipe()
    {
        Directory.CreateDirectory(folder["deep/er"]);
        File.WriteAllText(folder["deep/er/recipe.json"],
            """{ "start": "../base", "data": { "sources": ["a.txt", "/b.txt"], "tokenizer": "characters" } }""");
        var read = RecipeFile.Read(folder["deep/er/recipe.json"], new Dictionary<string, string> { ["save.keep"] = "2" });
        Assert.Equal([folder["deep/er/a.txt"], Path.GetFullPath("/b.txt")], read.Data.Sources.Select(s => s.Path));
        Assert.Equal((folder["deep/base"], "characters"), (read.Start, read.Data.Tokenizer));
        read = RecipeFile.Read(folder["deep/er/recipe.json"], new Dictionary<string, string> { ["data.sources"] = "[\"c.txt\"]" });
        Assert.Equal(["c.txt"], read.Data.Sources.Select(s => s.Path));
    }

    public void Dispose() => folder.Dispose();
}
