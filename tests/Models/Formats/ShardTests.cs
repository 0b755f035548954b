using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Weights in several files: with an index, or as parts of a GGUF.</summary>
public sealed class ShardTests
{
    /// <summary>Every golden folder that is a causal language model of a known family.</summary>
    public static TheoryData<string> Folders =>
        [.. Fixtures.GoldenFolders("config.json", "model.safetensors", "inputs.json").Where(IsCausal)];

    static readonly string[] ggufs =
        ["llama.gguf", "gpt2.gguf", "qwen2.gguf", "llama.Q8_0.gguf", "llama.Q4_0.gguf", "llama.F16.gguf"];

    public static TheoryData<string> Ggufs =>
        [.. Fixtures.GoldenFiles("*.gguf").Where(f => ggufs.Contains(Path.GetFileName(f)))];

    static bool IsCausal(string folder)
    {
        var config = Checkpoint.ReadJson(Path.Combine(Fixtures.Golden, folder, "config.json"));
        return config["architectures"]?[0]?.ToString() is { } name
            && (name.EndsWith("ForCausalLM", StringComparison.Ordinal) || name == "GPT2LMHeadModel")
            && Families.Known.Any(f => f.Architectures.Contains(name));
    }

    static void Split(GoldenCopy copy, int count, string name = "model", Action<JsonObject>? change = null)
    {
        var map = new JsonObject();
        for (var i = 0; i < count; i++)
        {
            var shard = $"{name}-{i + 1:00000}-of-{count:00000}.safetensors";
            TensorSource[] part = [.. copy.Tensors.Where((_, at) => at % count == i)];
            Safetensors.Write(copy.At(shard), part);
            foreach (var t in part) map[t.Name] = shard;
        }
        change?.Invoke(map);
        File.WriteAllText(copy.At("model.safetensors.index.json"),
            new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = 1 }, ["weight_map"] = map }.ToJsonString());
    }

    [Theory, MemberData(nameof(Folders))]
    public void ThreeShardsAreTheWhole(string folder)
    {
        using var copy = new GoldenCopy(folder);
        Split(copy, 3);
        var expected = copy.Expected();
        Assert.Equal(expected, copy.Found());
        Assert.Equal(expected, copy.Found("model-00002-of-00003.safetensors"));          // one of them, named by its path
    }

    [Theory]
    [InlineData("gone-00001-of-00002.safetensors", "is not there")]
    [InlineData("model-00002-of-00002.safetensors", "has no such tensor")]
    [InlineData("../model.safetensors", "a file in the same folder")]
    [InlineData("..", "a file in the same folder")]
    [InlineData("", "a file in the same folder")]
    [InlineData("/etc/passwd", "a file in the same folder")]
    [InlineData("..\\\\model.safetensors", "a file in the same folder")]
    [InlineData("c:model.safetensors", "a file in the same folder")]
    [InlineData("config.json", "is of no known kind")]
    public void AnIndexThatIsWrongSaysWhere(string shard, string says)
    {
        using var copy = new GoldenCopy("llama");
        Split(copy, 2, change: map => map[copy.Tensors[0].Name] = shard);
        var error = Assert.ThrowsAny<SystemException>(() => copy.Found());
        Assert.Contains(says, error.Message);
        Assert.Contains(copy.Path, error.Message);
    }

    [Fact]
    public void AShardWithoutATensorOrWithAnothersIsAnError()
    {
        using var copy = new GoldenCopy("llama");
        Split(copy, 2, change: map => map.Add("model.extra", "model-00001-of-00002.safetensors"));
        Assert.Contains("'model.extra' is said to be in 'model-00001-of-00002.safetensors'",
            Assert.Throws<InvalidDataException>(() => copy.Found()).Message);
        Split(copy, 2);
        Safetensors.Write(copy.At("model-00002-of-00002.safetensors"), copy.Tensors);
        Assert.Contains("names must differ", Assert.Throws<InvalidDataException>(() => copy.Found()).Message);
    }

    [Theory]
    [InlineData("{}", "weight_map")]
    [InlineData("""{"weight_map":{}}""", "names no tensor")]
    [InlineData("""{"weight_map":[]}""", "weight_map")]
    [InlineData("""{"weight_map":{"a":7}}""", "a file in the same folder")]
    [InlineData("""{"weight_map":{"a":null}}""", "a file in the same folder")]
    [InlineData("""{"weight_map":{"a":"b"}""", "model.safetensors.index.json")]
    [InlineData("", "model.safetensors.index.json")]
    public void AnIndexThatIsNoneSaysSo(string json, string says)
    {
        using var copy = new GoldenCopy("llama");
        File.WriteAllText(copy.At("model.safetensors.index.json"), json);
        Assert.Contains(says, Assert.Throws<InvalidDataException>(() => copy.Found()).Message);
    }

    [Theory, MemberData(nameof(Ggufs))]
    public void AnyPartOfAGgufOpensAll(string name)
    {
        using var whole = GgufFile.Open(Fixtures.GoldenOrSkip(name));
        using var folder = new Folder();
        var parts = WriteParts(whole, folder.Path, 3);
        foreach (var part in parts)
        {
            using var joined = GgufFile.Open(part);
            Assert.Equal(whole.Metadata.Keys, joined.Metadata.Keys);
            Assert.Equal(whole.Tensors.Entries.Keys.Order(), joined.Tensors.Entries.Keys.Order());
            foreach (var (key, entry) in whole.Tensors.Entries) Assert.True(entry.Data().SequenceEqual(joined.Tensors[key].Data()), key);
        }
        using var checkpoint = Checkpoint.Open(folder.Path);          // the folder that holds them alone
        Assert.Equal(parts[0], checkpoint.Path);
        Assert.Equal(whole.Metadata.Text("general.architecture"), checkpoint.Family.Gguf!.Architecture);
        Assert.Equal(whole.Tensors.Entries.Keys.Order(), checkpoint.Tensors.Entries.Keys.Order());
    }

    [Fact]
    public void PartsThatDoNotBelongTogetherSayWhy()
    {
        using var whole = GgufFile.Open(Fixtures.GoldenOrSkip("gguf", "llama.gguf"));
        using var folder = new Folder();
        var parts = WriteParts(whole, folder.Path, 2);
        Assert.Contains("tensors, 1 were expected", Fails(() => WriteParts(whole, folder.Path, 2, tensors: 1)[0]));
        Assert.Contains("is in ", Fails(() =>
        {
            WritePart(whole, parts[1], 1, 2, whole.Tensors.Entries.Count, whole.Tensors.Entries.Values);
            return parts[0];
        }));
        Assert.Contains("says that it is part 1 of 2", Fails(() => { File.Copy(parts[0], parts[1], true); return parts[0]; }));
        var other = Path.Combine(folder.Path, "other.gguf");
        File.Copy(parts[0], other);
        Assert.Contains("a name that ends in -00001-of-00002.gguf", Fails(() => other));
        File.Delete(parts[1]);
        Assert.Contains("is missing: part 2 of 2", Assert.Throws<FileNotFoundException>(() => GgufFile.Open(parts[0])).Message);

        static string Fails(Func<string> path) => Assert.Throws<InvalidDataException>(() => GgufFile.Open(path())).Message;
    }

    /// <summary>As gguf-split does: the metadata in the first, and each its share of the tensors.</summary>
    static string[] WriteParts(GgufFile whole, string folder, int count, int? tensors = null)
    {
        var entries = whole.Tensors.Entries.Values.ToArray();
        string[] paths = [.. Enumerable.Range(1, count).Select(i => Path.Combine(folder, $"model-{i:00000}-of-{count:00000}.gguf"))];
        for (var i = 0; i < count; i++)
            WritePart(whole, paths[i], i, count, tensors ?? entries.Length, entries.Where((_, at) => at * count / entries.Length == i));
        return paths;
    }

    static void WritePart(GgufFile whole, string path, int number, int count, int tensors, IEnumerable<TensorEntry> entries)
    {
        var writer = new GgufWriter();
        if (number == 0) foreach (var key in whole.Metadata.Keys) writer.Copy(key, whole.Metadata);
        writer.Add("split.no", number).Add("split.count", count).Add("split.tensors.count", tensors);
        foreach (var e in entries) writer.Add(TensorSource.Of(e));
        writer.Save(path);
    }

    /// <summary>A folder that is gone after the test.</summary>
    sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("dayu-test-").FullName;

        public void Dispose() => Directory.Delete(Path, true);
    }
}
