using System.Text;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;
using static Dayu.Tests.Hostile;

namespace Dayu.Tests;

/// <summary>Models in several files, of which one is damaged: configurations, indexes, shards, parts.</summary>
public sealed class HostileSetsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("dayu-test-").FullName;

    string At(string file) => Path.Combine(folder, file);

    [Fact]
    public void FoldersWithAnIndex()
    {
        var (config, weights) = Example("llama");
        var map = new JsonObject();
        for (var shard = 0; shard < 2; shard++)
        {
            TensorSource[] part = [.. weights.Where((_, i) => i % 2 == shard)];
            Safetensors.Write(At($"{shard}.safetensors"), part);
            foreach (var t in part) map[t.Name] = $"{shard}.safetensors";
        }
        var index = Encoding.UTF8.GetBytes(new JsonObject { ["weight_map"] = map }.ToJsonString());
        File.WriteAllBytes(At("config.json"), config);
        var files = new Dictionary<string, byte[]>
        {
            ["model.safetensors.index.json"] = index,
            ["0.safetensors"] = File.ReadAllBytes(At("0.safetensors")),
        };
        File.WriteAllBytes(At("model.safetensors.index.json"), index);
        Load(folder);
        Holds(5, 21, genome =>
        {
            var name = genome[15] % 3 > 0 ? "model.safetensors.index.json" : "0.safetensors";
            var asJson = name.EndsWith(".json", StringComparison.Ordinal) && genome[14] % 4 > 0;
            Damage(name, files[name], asJson ? MutatedJson(files[name], genome) : Mutated(files[name], genome, 4096));
        });
    }

    /// <summary>Numbers in a configuration decide over shapes, loops and memory.</summary>
    [Theory, MemberData(nameof(FamilyNames))]
    public void Configurations(string family)
    {
        var (config, weights) = Example(family);
        Safetensors.Write(At("model.safetensors"), weights);
        File.WriteAllBytes(At("config.json"), config);
        Load(folder);
        Holds(6.0 / Families.Known.Count, 22, genome => Damage("config.json", config, MutatedJson(config, genome)));
    }

    public static TheoryData<string> FamilyNames => [.. Families.Known.Select(f => f.Name)];

    /// <summary>The metadata of a real GGUF file, all of it made into a model.</summary>
    [Fact]
    public void GgufConfigurations()
    {
        var file = File.ReadAllBytes(Fixtures.GoldenOrSkip("gguf", "llama.gguf"));
        File.WriteAllBytes(At("m.gguf"), file);
        Load(At("m.gguf"));
        Holds(2, 24, genome => Damage("m.gguf", file, Mutated(file, genome, 1500)));
    }

    [Fact]
    public void GgufParts()
    {
        string[] names = ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"];
        for (var i = 0; i < 2; i++)
            new GgufWriter().Add("general.architecture", "llama").Add("split.no", i).Add("split.count", 2).Add("split.tensors.count", 2)
                .Add(TensorSource.Of($"{i}.weight", DType.F32, new Shape(2, 3), new float[6])).Save(At(names[i]));
        byte[][] files = [.. names.Select(n => File.ReadAllBytes(At(n)))];
        using (var whole = GgufFile.Open(At(names[1]))) Assert.Equal(2, whole.Tensors.Entries.Count);
        Holds(4, 23, genome =>
        {
            var part = genome[15] % 2;
            File.WriteAllBytes(At(names[part]), Mutated(files[part], genome, files[part].Length));
            Survives(folder, files[0].Length + files[1].Length, () =>
            {
                using var file = GgufFile.Open(At(names[genome[14] % 2]));
                ReadAll(file.Tensors);
            });
            File.WriteAllBytes(At(names[part]), files[part]);
        });
    }

    void Damage(string name, byte[] sound, byte[] damaged)
    {
        File.WriteAllBytes(At(name), damaged);
        var size = new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length);
        Survives(folder, size, () => Load(folder));
        File.WriteAllBytes(At(name), sound);
    }

    static void Load(string path)
    {
        var on = new ReferenceBackend();
        using var checkpoint = Checkpoint.Open(path);
        using var model = LoadedModel.Load(checkpoint, on);
    }

    /// <summary>The smallest model of a family, as files say it.</summary>
    static (byte[] Config, TensorSource[] Weights) Example(string family)
    {
        var config = (JsonObject)JsonNode.Parse(Families.Known.Single(f => f.Name == family).Example)!;
        var model = LoadedModel.Create(config, new ReferenceBackend(), seed: 1, train: false);
        return (Encoding.UTF8.GetBytes(config.ToJsonString()), [.. model.Weights.Values.Select(w => model.Published(w, w.Tensor))]);
    }

    public void Dispose() => Directory.Delete(folder, true);
}
