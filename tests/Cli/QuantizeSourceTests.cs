using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Reference;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Whatever the loader reads can be quantised, and says the same as before.</summary>
public sealed partial class QuantizeSourceTests
{
    [Fact]
    public void AFolderBecomesAFileThatSaysTheSame()
    {
        using var model = new QuantizeModel();
        string[] check = ["--data", model["text.txt"], "--no-speed"];
        var ran = Caller.Do(["quantize", model.Path, "--to", "f32", "-o", model["out.gguf"], .. check, "--json"]);
        Assert.True(ran.Code == 0, ran.Error);
        var quality = ran.Json["quality"]!;
        Assert.InRange((double)quality["mean_kl"]!, 0, 1e-9);
        Assert.Equal(quality["nll_before"]!.ToJsonString(), quality["nll_after"]!.ToJsonString());
        Assert.Equal((1.0, 660), ((double)quality["same_top"]!, Rows(model["out.gguf"])));
        Tokenizer before = TokenizerFiles.Open(model.Path), after = TokenizerFiles.Open(model["out.gguf"]);
        foreach (var text in (string[])["Hello 123 world", "大禹 don't\n\n  x", "<|im_start|>user"])
            Assert.Equal(before.Encode(text), after.Encode(text));
        using var file = GgufFile.Open(model["out.gguf"]);
        Assert.Equal("{{ messages[0].content }}", file.Metadata.Text("tokenizer.chat_template"));
        Assert.Equal(("smollm", "model"), (file.Metadata.Text("tokenizer.ggml.pre"), file.Metadata.Text("general.name")));
    }

    static int Rows(string path)
    {
        using var file = GgufFile.Open(path);
        Assert.Equal(file.Tensors["token_embd.weight"].Shape[0], file.Metadata.Texts("tokenizer.ggml.tokens").Length);
        return (int)file.Tensors["token_embd.weight"].Shape[0];
    }

    [Theory]
    [InlineData("gemma.json", "cannot be written into a GGUF file"),
     InlineData("prefix-space-each.json", "its way to cut texts"),
     InlineData("ignore-merges.json", "taken whole"),
     InlineData("normalizer-lowercase.json", "cannot be written")]
    public void ATokenizerThatGgufHasNoWordsForIsRefused(string tokenizer, string says)
    {
        using var model = new QuantizeModel(tokenizer);
        var ran = Caller.Do("quantize", model.Path, "--to", "q8_0", "-o", model["out.gguf"]);
        Assert.Equal(7, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
        Assert.Contains("SentencePiece BPE", ran.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(model["out.gguf"]));
    }

    [Fact]
    public void AWindowOfSomeLayersIsRefused()
    {
        const string windows = """, "sliding_window": 8, "layer_types": ["full_attention", "full_attention", "full_attention"]""";
        using var model = new QuantizeModel(config: windows);
        Caller.Do("quantize", model.Path, "--to", "q8_0", "-o", model["out.gguf"]).Warns("sliding window");
    }

    /// <summary>GGUF files have no key for it: whoever reads one takes GELU's other form.</summary>
    [Fact]
    public void AnActivationThatGgufCannotSayIsRefused()
    {
        using var llama = new QuantizeModel();
        using var folder = new TempFolder();
        foreach (var (name, code) in ((string, int)[])[("gelu", 7), ("gelu_new", 0)])
        {
            var config = JsonNode.Parse($$"""
                { "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": 660, "n_embd": 32, "n_layer": 1, "n_head": 2,
                  "n_positions": 64, "layer_norm_epsilon": 1e-5, "activation_function": "{{name}}" }
                """)!.AsObject();
            using (var model = LoadedModel.Create(config, new ReferenceBackend(), 1, train: false)) model.Save(folder[name]);
            File.Copy(Path.Combine(llama.Path, "tokenizer.json"), Path.Combine(folder[name], "tokenizer.json"));
            var ran = Caller.Do("quantize", folder[name], "--to", "q8_0", "-o", folder[$"{name}.gguf"]);
            Assert.True(ran.Code == code, ran.Error);
            Assert.Equal(code == 0, File.Exists(folder[$"{name}.gguf"]));
            if (code != 0) ran.Warns("activation_function is \"gelu\"");
        }
    }

    /// <summary>Any part of a split file stands for all of it, and none of them may be the result.</summary>
    [Fact]
    public void ASplitFileIsReadWhole()
    {
        using var folder = new TempFolder();
        var path = Fixtures.GoldenOrSkip("gguf", "llama.F16.gguf");
        string[] parts = [folder["m-00001-of-00002.gguf"], folder["m-00002-of-00002.gguf"]];
        using (var whole = GgufFile.Open(path))
            for (var i = 0; i < 2; i++)
            {
                var writer = new GgufWriter();
                if (i == 0) foreach (var key in whole.Metadata.Keys) writer.Copy(key, whole.Metadata);
                writer.Add("split.no", i).Add("split.count", 2).Add("split.tensors.count", whole.Tensors.Entries.Count);
                foreach (var (at, t) in whole.Tensors.Entries.Values.Index()) if (at % 2 == i) writer.Add(TensorSource.Of(t));
                writer.Save(parts[i]);
            }
        Assert.Equal(0, Caller.Do("quantize", path, "--to", "q4_k_m", "-o", folder["whole.gguf"], "--no-speed").Code);
        var ran = Caller.Do("quantize", parts[1], "--to", "q4_k_m", "-o", folder["joined.gguf"], "--no-speed");
        Assert.True(ran.Code == 0, ran.Error);
        using GgufFile a = GgufFile.Open(folder["whole.gguf"]), b = GgufFile.Open(folder["joined.gguf"]);
        Assert.Equal(a.Tensors.Entries.Keys.Order(StringComparer.Ordinal), b.Tensors.Entries.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, t) in a.Tensors.Entries)
        {
            var other = b.Tensors[name];
            Assert.True(t.DType == other.DType && t.Values().AsSpan().SequenceEqual(other.Values()), name);
        }
        Assert.False(b.Metadata.Has("split.count"));
        Assert.Equal(2, Caller.Do("quantize", parts[1], "--to", "q8_0", "-o", parts[0], "-y").Code);
    }

    public static TheoryData<string> Goldens() =>
        [.. Fixtures.GoldenFiles("*.gguf").Select(f => Path.GetFileNameWithoutExtension(f)!).Where(n => HasFolder(n) && IsDense(n))];

    static bool HasFolder(string name) => File.Exists(Path.Combine(Fixtures.Golden, name, "model.safetensors"));

    /// <summary>Of a known family, without experts.</summary>
    static bool IsDense(string name) => !name.Contains("moe", StringComparison.Ordinal)
        && Families.Known.Any(f => name.StartsWith(f.Name, StringComparison.Ordinal));

    /// <summary>
    /// Names, orders, shapes, values and metadata are those of a conversion by others, which llama.cpp was tried on.
    /// </summary>
    [Theory(SkipTestWithoutData = true), MemberData(nameof(Goldens))]
    public void AConvertedModelIsTheOneThatOthersConverted(string name)
    {
        using var folder = new TempFolder();
        using var checkpoint = Checkpoint.Open(Fixtures.GoldenOrSkip(name));
        using var model = LoadedModel.Load(checkpoint, new Dayu.Reference.ReferenceBackend());
        new Quantizer(ModelContent.Of(model, _ => { }), QuantMix.Find("f32")!).Save(folder["a.gguf"]);
        using GgufFile mine = GgufFile.Open(folder["a.gguf"]), theirs = GgufFile.Open(Fixtures.GoldenOrSkip("gguf", name + ".gguf"));
        Assert.Equal(theirs.Tensors.Entries.Keys.Order(StringComparer.Ordinal), mine.Tensors.Entries.Keys.Order(StringComparer.Ordinal));
        foreach (var (tensor, t) in theirs.Tensors.Entries)
        {
            Assert.Equal(t.Shape, mine.Tensors[tensor].Shape);
            foreach (var (a, b) in t.Values().Zip(mine.Tensors[tensor].Values()))
                Assert.InRange(b, a - 1e-6f * Math.Abs(a), a + 1e-6f * Math.Abs(a));
        }
        foreach (var key in theirs.Metadata.Keys.Where(k => NumberKey().IsMatch(k)))
            Assert.True(mine.Metadata.Has(key) && theirs.Metadata.Float(key) == mine.Metadata.Float(key), key);
    }

    [GeneratedRegex(@"\.attention\.|rope|_length$|_count$")]
    private static partial Regex NumberKey();
}
