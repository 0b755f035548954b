namespace Dayu.Tests;

/// <summary>Models from a hub: what is chosen, where it lies, what is told.</summary>
public sealed class PullTests
{
    static Caller At(TempFolder data, TestHub hub, params (string, string)[] environment)
    {
        var caller = new Caller { Environment = { ["DAYU_DATA_DIR"] = data.Path, ["HF_ENDPOINT"] = hub.Url }, Folder = data.Path };
        foreach (var (name, value) in environment) caller.Environment[name] = value;
        return caller;
    }

    [Fact]
    public void AFolderIsWhatTheModelNeedsAndNothingElse()
    {
        using var hub = new TestHub(TestHub.LlamaFolder());
        using var data = new TempFolder();
        var ran = At(data, hub).Run("pull", "some/llama", "--json");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal("v name path source revision bytes files is_new", ran.Keys);
        Assert.Equal(("some/llama", TestHub.Commit), ((string)ran.Json["name"]!, (string)ran.Json["revision"]!));
        Assert.True((bool)ran.Json["is_new"]!);
        string[] files = ["config.json", "model.safetensors", "special_tokens_map.json"];
        Assert.Equal(files, ran.Json["files"]!.AsArray().Select(f => (string)f!["path"]!).Order());
        Assert.Equal(files, FilesIn(data["models/some/llama"]));
        Assert.All(ran.Json["files"]!.AsArray(), f => Assert.Equal(TestHub.Sha256(hub.Files[(string)f!["path"]!]), (string)f["sha256"]!));
        Assert.False(Directory.Exists(data["models/.store/partial/some+llama"]));
        Assert.Equal("some/llama", (string)At(data, hub).Run("ls", "--json").Json["models"]![0]!["name"]!);
        var origin = At(data, hub).Run("show", "some/llama", "--json").Json["origin"]!;
        Assert.Equal(("some/llama", TestHub.Commit), ((string)origin["source"]!, (string)origin["revision"]!));
    }

    [Fact]
    public void WhatIsThereIsNotFetchedAgain()
    {
        using var hub = new TestHub(TestHub.LlamaFolder());
        using var data = new TempFolder();
        Assert.Equal(0, At(data, hub).Run("pull", "some/llama").Code);
        var before = hub.Fetched.Length;
        var again = At(data, hub).Run("pull", "some/llama", "--json");
        Assert.Equal((0, false), (again.Code, (bool)again.Json["is_new"]!));
        Assert.Equal(before, hub.Fetched.Length);
        Assert.Equal(2, At(data, hub).Run("pull", "other/llama", "--as", "some/llama").Code);
        Assert.Equal(0, At(data, hub).Run("pull", "other/llama", "--as", "some/llama", "-y").Code);
    }

    static string[] FilesIn(string folder) => [.. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)).Order()];

    static TestHub Ggufs() => new(
        ("m-Q4_0.gguf", File.ReadAllBytes(TestModels.Gguf)),
        ("m-Q8_0.gguf", Noise.Of(9000)),
        ("mmproj-f16.gguf", Noise.Of(9000)),
        ("big/m-F16-00001-of-00002.gguf", Noise.Of(5000)),
        ("big/m-F16-00002-of-00002.gguf", Noise.Of(6000)));

    [Fact]
    public void OneGgufFileIsChosenByATagOrAPattern()
    {
        using var hub = Ggufs();
        using var data = new TempFolder();
        (string Line, string Name, string Root)[] pulls =
        [
            ("a/b:q4_0", "a/b:q4_0", "a/b@q4_0.gguf"),
            ("a/b --file *Q4_0* --as mine", "mine", "mine.gguf"),
            ("a/b --file m-Q4_0.gguf", "a/b:m-Q4_0", "a/b@m-Q4_0.gguf"),
            ("https://huggingface.co/a/b/blob/main/m-Q4_0.gguf", "a/b:m-Q4_0", "a/b@m-Q4_0.gguf"),
            ($"{hub.Url}/x/y/resolve/main/m-Q4_0.gguf", "m-Q4_0", "m-Q4_0.gguf"),
        ];
        foreach (var (line, name, root) in pulls)
        {
            var ran = At(data, hub).Run(["pull", .. line.Split(' '), "--json", "-y"]);
            Assert.True(ran.Code == 0, ran.Error);
            Assert.Equal(name, (string)ran.Json["name"]!);
            Assert.Equal(hub.Files["m-Q4_0.gguf"], File.ReadAllBytes(data[$"models/{root}"]));
            Assert.Equal(0, At(data, hub).Run("show", name).Code);
        }
    }

    [Fact]
    public void AnotherFileOfTheSameSourceIsAnotherModel()
    {
        using var hub = Ggufs();
        using var data = new TempFolder();
        Assert.Equal(0, At(data, hub).Run("pull", "a/b", "--file", "m-Q4_0.gguf", "--as", "x").Code);
        Assert.Equal(2, At(data, hub).Run("pull", "a/b", "--file", "m-Q8_0.gguf", "--as", "x").Code);
        Assert.Equal(0, At(data, hub).Run("pull", "a/b", "--file", "m-Q8_0.gguf", "--as", "x", "-y").Code);
        Assert.Equal(hub.Files["m-Q8_0.gguf"], File.ReadAllBytes(data["models/x.gguf"]));
    }

    [Fact]
    public void PartsOfASplitFileAreAFolder()
    {
        using var hub = Ggufs();
        using var data = new TempFolder();
        var ran = At(data, hub).Run("pull", "a/b:F16", "--json");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal(["m-F16-00001-of-00002.gguf", "m-F16-00002-of-00002.gguf"], FilesIn(data["models/a/b@F16"]));
        Assert.Contains("a/b:F16", ran.Error, StringComparison.Ordinal);   // noise is no model; that is said, and it is kept
    }

    [Theory]
    [InlineData("a/b", 2, "m-Q8_0.gguf"), InlineData("a/b:Q5_K_M", 3, "m-Q4_0.gguf"), InlineData("a/b:Q", 3, "m-Q4_0.gguf")]
    [InlineData("no spaces", 2, "https://"), InlineData("../b", 2, "owner/name"), InlineData("a/b/c/d", 2, "owner/name")]
    public void WhatIsNotClearIsAsked(string source, int code, string says)
    {
        using var hub = Ggufs();
        using var data = new TempFolder();
        var ran = At(data, hub).Run("pull", source);
        Assert.Equal(code, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
        Assert.Empty(hub.Fetched);
    }

    [Fact]
    public void TheTokenGoesToTheHubAndNowhereElse()
    {
        using var hub = new TestHub(TestHub.LlamaFolder());
        using var data = new TempFolder();
        (string, string) token = ("HF_TOKEN", "hf_secret");
        Assert.Equal(0, At(data, hub, token).Run("pull", "some/llama", "-v", "d").Code);
        Assert.All(hub.Asked, a => Assert.Equal(IsElsewhere(a) ? null : "Bearer hf_secret", a["authorization"]));
        Assert.Contains(hub.Asked, IsElsewhere);
        var written = Directory.EnumerateFiles(data.Path, "*.json", SearchOption.AllDirectories);
        Assert.DoesNotContain(written, f => File.ReadAllText(f).Contains("hf_secret", StringComparison.Ordinal));
        hub.Asked.Clear();
        Assert.Equal(0, At(data, hub, token).Run("pull", $"{hub.Url}/x/resolve/main/model.safetensors", "--as", "plain").Code);
        Assert.All(hub.Asked, a => Assert.Null(a["authorization"]));
        Assert.Equal(2, At(data, hub, ("HF_TOKEN", "two words")).Run("pull", "some/llama").Code);
    }

    static bool IsElsewhere(Asked asked) => !asked.Host.StartsWith("127", StringComparison.Ordinal);
}
