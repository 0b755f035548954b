using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>A tokenizer from texts, at the command line.</summary>
public sealed class TokenizerTrainTests : IDisposable
{
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    string File(string name, string text) => Bytes(name, Encoding.UTF8.GetBytes(text));

    string Bytes(string name, byte[] bytes)
    {
        var path = Path.Combine(folder.Path, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    string Target => Path.Combine(folder.Path, "tokenizer.json");

    Ran Train(params string[] words) => Caller.Do(["tokenizer", "train", .. words, "-o", Target]);

    [Fact]
    public void WhatIsLearnedIsToldAndReadBack()
    {
        var (text, test) = (File("a.txt", TrainingTexts.Small), File("b.txt", "大禹治水。The river rose in 1917."));
        var ran = Train(text, "--vocab", "500", "--test", test, "--json");
        Assert.True(ran.Code == 0, ran.Error);
        var json = ran.Json;
        Assert.Equal(500, (int)json["vocabulary"]!);
        Assert.Equal(Encoding.UTF8.GetByteCount(TrainingTexts.Small), (long)json["bytes"]!);
        Assert.Contains("<|im_start|>", json["control"]!.AsArray().Select(t => (string)t!));
        Assert.Equal(16, json["control"]!.AsArray().Count(t => ((string)t!).StartsWith("<|spare_", StringComparison.Ordinal)));
        var ids = Caller.Do("tokenizer", "encode", TrainingTexts.Small, "--tokenizer", Target, "--json").Json["ids"]!.AsArray();
        Assert.Equal(ids.Count, (long)json["training"]!["tokens"]!);
        Assert.Equal((double)(long)json["bytes"]! / ids.Count, (double)json["training"]!["bytes_per_token"]!, 1e-3);
        foreach (var script in (string[])["Latin", "Han", "Digits"])
            Assert.True((double)json["test"]!["bytes_per_token_by_script"]![script]! > 1, script);
    }

    [Theory]
    [InlineData("en", "vocabulary"), InlineData("zh", "词表")]
    public void PeopleReadATable(string language, string word)
    {
        var ran = Train(File("a.txt", TrainingTexts.Small), "--vocab", "400", "--lang", language);
        Assert.Equal(0, ran.Code);
        Assert.Contains(word, ran.Out, StringComparison.Ordinal);
        Assert.Contains("Han", ran.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', ran.Out + ran.Error);
    }

    [Fact]
    public void FilesOfEveryFormTeachTheSame()
    {
        string[] texts = [.. TrainingTexts.Small.Split("\r\n\r\n")];
        var lines = string.Concat(texts.Select(t => new JsonObject { ["id"] = 1, ["text"] = t }.ToJsonString() + "\n"));
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(lines));
        using var zstd = new ZstdSharp.Compressor();
        string[] files =
        [
            File("a.jsonl", lines), Bytes("a.jsonl.gz", packed.ToArray()),
            Bytes("a.jsonl.zst", zstd.Wrap(Encoding.UTF8.GetBytes(lines)).ToArray()),
        ];
        var learned = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var ran = Train(file, "--vocab", "450", "--yes");
            Assert.True(ran.Code == 0, ran.Error);
            learned.Add(System.IO.File.ReadAllText(Target));
        }
        Assert.Single(learned);
    }

    [Theory, InlineData(".gz"), InlineData(".zst")]
    public void AFileThatIsCutOffIsRefused(string packing)
    {
        byte[] packed = CorpusFileTests.Packed(Encoding.UTF8.GetBytes(TrainingTexts.Small), packing);
        var path = Bytes("a.txt" + packing, packed[..(packed.Length / 3)]);
        Ran ran = Train(path, "--vocab", "400");
        Assert.Equal(7, ran.Code);
        ran.Warns($"DAYU-7001: {path} ");
        Assert.False(System.IO.File.Exists(Target));
    }

    /// <summary>Larger than a block, so that it is cut; every cut is where a pre-token ends.</summary>
    [Fact]
    public void ALargeFileIsCutWhereNothingIsLost()
    {
        string text = string.Concat(Enumerable.Repeat(TrainingTexts.Small, 250));
        var whole = Dayu.Text.TokenizerTrainer.Train([text], new() { VocabularySize = 600 }, TimeProvider.System);
        var ran = Train(File("large.txt", text), "--vocab", "600");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal(Encoding.UTF8.GetString(whole.Json.Span), System.IO.File.ReadAllText(Target));
    }

    [Fact]
    public void NothingIsReplacedUnasked()
    {
        var text = File("a.txt", TrainingTexts.Small);
        File("tokenizer.json", "mine");
        Assert.Contains("DAYU-2005", Train(text, "--vocab", "400").Error, StringComparison.Ordinal);
        Assert.Equal("mine", System.IO.File.ReadAllText(Target));
        Assert.Equal(0, Train(text, "--vocab", "400", "--yes").Code);
        Assert.NotEqual("mine", System.IO.File.ReadAllText(Target));
    }

    [Fact]
    public void FewPairsAreTold()
    {
        var ran = Train(File("a.txt", "abab abab"), "--vocab", "5000");
        Assert.Equal(0, ran.Code);
        Assert.Contains("5,000 tokens were requested", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7004", "empty.txt"), InlineData("3019", "nosuch.txt"), InlineData("2095", "a.txt --vocab 200")]
    [InlineData("7001", "bad.jsonl"), InlineData("7003", "latin.txt"), InlineData("2096", "a.txt --kind unigram --pattern gpt2")]
    [InlineData("2006", "a.txt --vocab 0"), InlineData("2006", "a.txt --coverage 2"), InlineData("7001", "a.zst")]
    public void WrongCalls(string error, string line)
    {
        File("empty.txt", "");
        File("a.txt", "some text, some text");
        File("a.zst", "no zstd at all");
        File("bad.jsonl", "{\"text\": \"fine\"}\n{\"txt\": \"what\"}\n");
        Bytes("latin.txt", [0x61, 0xE9, 0x20]);
        var words = line.Split(' ');
        var ran = Train([Path.Combine(folder.Path, words[0]), .. words[1..]]);
        Assert.Contains($"DAYU-{error}", ran.Error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(Target));
    }
}
