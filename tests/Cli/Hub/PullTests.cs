using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>Models from a hub: what is chosen, where it lies, what is told.</summary>
public sealed class PullTests
{
    /// <summary>Bytes that are no model, always the same.</summary>
    public static byte[] Noise(int bytes, int seed = 1)
    {
        var noise = new byte[bytes];
        new Random(seed).NextBytes(noise);
        return noise;
    }

    public static (string, byte[])[] Folder()
    {
        var golden = Fixtures.GoldenOrSkip("llama");
        return [.. Directory.EnumerateFiles(golden).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))), ("README.md", "hello"u8.ToArray()), ("pytorch_model.bin", Noise(9000)), ("onnx/model.onnx", Noise(9000)), ("special_tokens_map.json", "{}"u8.ToArray())];
    }

    public static Caller At(TempFolder data, TestHub hub, params (string, string)[] environment)
    {
        var caller = new Caller { Environment = { ["DAYU_DATA_DIR"] = data.Path, ["HF_ENDPOINT"] = hub.Url }, Folder = data.Path };
        foreach (var (name, value) in environment) caller.Environment[name] = value;
        return caller;
    }

    [Fact]
    public void AFolderIsWhatTheModelNeedsAndNothingElse()
    {
        using var hub = new TestHub(Folder());
        using var data = new TempFolder();
        var ran = At(data, hub).Run("pull", "some/llama", "--json");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal("v name path source revision bytes files is_new", ran.Keys);
        Assert.Equal(("some/llama", TestHub.Commit, true), ((string)ran.Json["name"]!, (string)ran.Json["revision"]!, (bool)ran.Json["is_new"]!));
        Assert.Equal(["config.json", "model.safetensors", "special_tokens_map.json"], ran.Json["files"]!.AsArray().Select(f => (string)f!["path"]!).Order());
        Assert.Equal(["config.json", "model.safetensors", "special_tokens_map.json"], Directory.EnumerateFiles(data["models/some/llama"]).Select(f => Path.GetFileName(f)).Order());
        Assert.All(ran.Json["files"]!.AsArray(), f => Assert.Equal(TestHub.Sha256(hub.Files[(string)f!["path"]!]), (string)f["sha256"]!));
        Assert.False(Directory.Exists(data["models/.store/partial/some+llama"]));
        Assert.Equal("some/llama", (string)At(data, hub).Run("ls", "--json").Json["models"]![0]!["name"]!);
        var origin = At(data, hub).Run("show", "some/llama", "--json").Json["origin"]!;
        Assert.Equal(("some/llama", TestHub.Commit), ((string)origin["source"]!, (string)origin["revision"]!));
    }

    /// <summary>As <c>git hash-object</c> and <c>sha256sum</c> say.</summary>
    [Theory]
    [InlineData("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), InlineData("hello world\n", "3b18e512dba79e4c8300dd08aeb37f8e728b8dad", "a948904f2f0f479b8f8197694b30184b0d2ed1c1cd2a1ec0fb85d299a192a447")]
    public void HashesAreThoseOfGit(string text, string git, string sha256)
    {
        using var hashes = new Dayu.Hub.Hashes(text.Length);
        foreach (var c in text) hashes.Add([(byte)c]);
        Assert.Equal((git, sha256), (hashes.GitSha1, hashes.Sha256));
    }

    [Fact]
    public void WhatIsThereIsNotFetchedAgain()
    {
        using var hub = new TestHub(Folder());
        using var data = new TempFolder();
        Assert.Equal(0, At(data, hub).Run("pull", "some/llama").Code);
        var before = hub.Fetched.Length;
        var again = At(data, hub).Run("pull", "some/llama", "--json");
        Assert.Equal((0, false), (again.Code, (bool)again.Json["is_new"]!));
        Assert.Equal(before, hub.Fetched.Length);
        Assert.Equal(2, At(data, hub).Run("pull", "other/llama", "--as", "some/llama").Code);
        Assert.Equal(0, At(data, hub).Run("pull", "other/llama", "--as", "some/llama", "-y").Code);
    }

    static TestHub Ggufs() => new(("m-Q4_0.gguf", File.ReadAllBytes(TestModels.Gguf)), ("m-Q8_0.gguf", Noise(9000)), ("mmproj-f16.gguf", Noise(9000)), ("big/m-F16-00001-of-00002.gguf", Noise(5000)), ("big/m-F16-00002-of-00002.gguf", Noise(6000)));

    [Fact]
    public void OneGgufFileIsChosenByATagOrAPattern()
    {
        using var hub = Ggufs();
        using var data = new TempFolder();
        foreach (var (args, name, root) in ((string[], string, string)[])[(["a/b:q4_0"], "a/b:q4_0", "a/b@q4_0.gguf"), (["a/b", "--file", "*Q4_0*", "--as", "mine"], "mine", "mine.gguf"), (["a/b", "--file", "m-Q4_0.gguf"], "a/b:m-Q4_0", "a/b@m-Q4_0.gguf"),
            ([$"https://huggingface.co/a/b/blob/main/m-Q4_0.gguf"], "a/b:m-Q4_0", "a/b@m-Q4_0.gguf"), ([$"{hub.Url}/x/y/resolve/main/m-Q4_0.gguf"], "m-Q4_0", "m-Q4_0.gguf")])
        {
            var ran = At(data, hub).Run(["pull", .. args, "--json", "-y"]);
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
        Assert.Equal(["m-F16-00001-of-00002.gguf", "m-F16-00002-of-00002.gguf"], Directory.EnumerateFiles(data["models/a/b@F16"]).Select(f => Path.GetFileName(f)).Order());
        Assert.Contains("a/b:F16", ran.Error, StringComparison.Ordinal);   // noise is no model; that is said, and it is kept
    }

    [Theory]
    [InlineData("a/b", 2, "m-Q8_0.gguf"), InlineData("a/b:Q5_K_M", 3, "m-Q4_0.gguf"), InlineData("a/b:Q", 3, "m-Q4_0.gguf"), InlineData("no spaces", 2, "https://"), InlineData("../b", 2, "owner/name"), InlineData("a/b/c/d", 2, "owner/name")]
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
        using var hub = new TestHub(Folder());
        using var data = new TempFolder();
        Assert.Equal(0, At(data, hub, ("HF_TOKEN", "hf_secret")).Run("pull", "some/llama", "-v", "d").Code);
        Assert.All(hub.Asked, a => Assert.Equal(a.Host.StartsWith("127", StringComparison.Ordinal) ? "Bearer hf_secret" : null, a["authorization"]));
        Assert.Contains(hub.Asked, a => a.Host.StartsWith("localhost", StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.EnumerateFiles(data.Path, "*.json", SearchOption.AllDirectories), f => File.ReadAllText(f).Contains("hf_secret", StringComparison.Ordinal));
        hub.Asked.Clear();
        Assert.Equal(0, At(data, hub, ("HF_TOKEN", "hf_secret")).Run("pull", $"{hub.Url}/x/resolve/main/model.safetensors", "--as", "plain").Code);
        Assert.All(hub.Asked, a => Assert.Null(a["authorization"]));
        Assert.Equal(2, At(data, hub, ("HF_TOKEN", "two words")).Run("pull", "some/llama").Code);
    }

    [Theory]
    [InlineData("../evil.gguf"), InlineData("/etc/evil.gguf"), InlineData("a\\b.gguf"), InlineData("C:evil.gguf"), InlineData("sub/../../evil.gguf"), InlineData("nul.gguf"), InlineData("com1/x.gguf"), InlineData("a./x.gguf"), InlineData("x\u0007.gguf")]
    public void PathsOfTheServerAreNotTrusted(string path)
    {
        using var hub = new TestHub((path, Noise(5000)));
        using var data = new TempFolder();
        var ran = At(data, hub).Run("pull", "a/b", "--as", "safe");
        Assert.Equal(7, ran.Code);
        Assert.Contains("DAYU-7022", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.EnumerateFiles(data.Path, "*", SearchOption.AllDirectories), f => f.Contains("evil", StringComparison.Ordinal));
    }

    [Fact]
    public void RoomIsCheckedFirst()
    {
        using var hub = new TestHub(("m.gguf", Noise(5000)));
        using var data = new TempFolder();
        hub.But = (asked, answer) => asked.Path.StartsWith("/api", StringComparison.Ordinal) ? answer with { Body = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(answer.Body).Replace(":5000", ":5000000000000000000")) } : answer;
        var ran = At(data, hub).Run("pull", "a/b");
        Assert.Equal(1, ran.Code);
        Assert.Contains("DAYU-1011", ran.Error, StringComparison.Ordinal);
        Assert.Empty(hub.Fetched);
    }
}
