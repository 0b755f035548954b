using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Dayu.Cli;
using Dayu.Hub;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>What <c>dayu train --data</c> reads besides plain text: packed files, tables, shards, token ids.</summary>
public sealed class TrainSourcesTests : IDisposable
{
    static readonly string[] small =
        ["--set", "model.num_hidden_layers=1", "model.hidden_size=64", "--window", "16", "--batch", "2", "--set", "eval.every=3"];

    static readonly string[] texts = [.. Enumerable.Range(0, 60).Select(i => $"{i} and {i * i % 7}; {i * 3}.")];

    readonly TempFolder folder = new();

    public TrainSourcesTests()
    {
        File.WriteAllText(folder["dayu.json"], "{}");
        Directory.CreateDirectory(folder["sets"]);
        File.WriteAllText(folder["sets/tokenizer.json"], CharacterTokenizer.Of(texts.Append("\n")).ToJsonString());
        var tokenizer = TokenizerFiles.Open(folder["sets/tokenizer.json"]);
        foreach (var (name, from) in ((string, int)[])[("books", 0), ("news", 20)])
        {
            using var writer = new ShardWriter(folder[$"sets/{name}"], name, ShardTokenizer.Hash(folder["sets/tokenizer.json"]),
                tokenizer.VocabularySize, 200);
            for (var d = from; d < texts.Length; d++) writer.Add([.. tokenizer.Encode(texts[d] + "\n")], d, held: d % 10 == 9);
            writer.Finish([]);
        }
    }

    Ran Run(params string[] args) => new Caller { Folder = folder.Path }.Run(args);

    Ran Train(string data, params string[] more) => Run(["train", "--data", data, .. small, "--steps", "4", "--json", .. more]);

    JsonNode Data(Ran ran) => JsonNode.Parse(File.ReadAllText(folder[$"runs/{ran.Json["run"]}/data.json"]))!["sources"]![0]!;

    string Packed(string name, string content)
    {
        using var file = new StreamWriter(new GZipStream(File.Create(folder[name]), CompressionLevel.Fastest));
        file.Write(content);
        return name;
    }

    /// <summary>The same documents, whatever they come in: the same tokens.</summary>
    [Fact]
    public void TablesAndPackedFilesAreRead()
    {
        var lines = string.Join('\n', texts.Select(t => new JsonObject { ["text"] = t }.ToJsonString()));
        File.WriteAllText(folder["t.jsonl"], lines);
        File.WriteAllText(folder["t.csv"], "id,text\n" + string.Join('\n', texts.Select((t, i) => $"{i},\"{t}\"")));
        string[] all = ["t.jsonl", Packed("t.jsonl.gz", lines), "t.csv", Packed("t.tsv.gz", "text\n" + string.Join('\n', texts))];
        string[] found = [.. all.Select(a => Said(Data(Train(a))))];
        Assert.StartsWith("t 60 ", found[0], StringComparison.Ordinal);
        Assert.Single(found.Distinct());
        File.WriteAllText(folder["t.txt"], string.Join('\n', texts));
        Assert.Equal((int)Data(Train("t.txt"))["tokens"]!, (int)Data(Train(Packed("t.txt.gz", string.Join('\n', texts))))["tokens"]!);

        static string Said(JsonNode d) => $"{d["name"]} {d["documents"]} {d["tokens"]} {d["validation_tokens"]}";
    }

    [Fact]
    public void ShardsBringTheirTokenizer()
    {
        var one = Train("sets/books");
        Assert.Equal(0, one.Code);
        Assert.Equal((60, "books"), ((int)Data(one)["documents"]!, (string)Data(one)["name"]!));
        var recipe = JsonNode.Parse(File.ReadAllText(folder[$"runs/{one.Json["run"]}/recipe.json"]))!;
        Assert.Equal(folder["sets/tokenizer.json"], (string)recipe["data"]!["tokenizer"]!);
        Assert.Equal(["books", "news"], Train("sets").Json["sources"]!.AsArray().Select(s => (string)s!["name"]!));
        Train("sets/books", "--set", "data.tokenizer=characters").Warns("was made with the tokenizer of SHA-256");
        Train(".").Warns("DAYU-2080");
    }

    [Fact]
    public void TokenIdsNeedATokenizer()
    {
        File.Copy(folder["sets/books/train-00000.bin"], folder["train.bin"]);
        Train("train.bin").Warns("of which tokenizer nothing says");
        Assert.Equal(0, Train("train.bin", "--tokenizer", "sets/tokenizer.json").Code);
        File.WriteAllBytes(folder["cut.bin"], [1, 0, 2]);
        Train("cut.bin", "--tokenizer", "sets/tokenizer.json").Warns("cut.bin, byte 2");
    }

    /// <summary>Stopped, then gone on with by other weights: written into the recipe, told, counted.</summary>
    [Fact]
    public void WeightsMayChangeWhereARunGoesOn()
    {
        var interrupts = new Interrupts();
        var clock = new StoppingClock(() => interrupts.Signal(PosixSignal.SIGINT), after: 40);
        var caller = new Caller { Folder = folder.Path, Interrupts = interrupts, Clock = clock };
        Assert.Equal(130, caller.Run(["train", "--data", "sets", .. small, "--steps", "60", "--name", "mixed"]).Code);
        Assert.NotEqual(0, Run("train", "--resume", "mixed", "--set", "schedule.rate=1").Code);
        Run("train", "--resume", "mixed", "--set", "data.sources.nobody.weight=1").Warns("there is no nobody");
        var gone = Run("train", "--resume", "mixed", "--set", "data.sources.books.weight=3", "data.sources.news.weight=1");
        Assert.Equal(0, gone.Code);
        gone.Warns("books 75.0 %  news 25.0 %");
        var mixture = JsonNode.Parse(File.ReadAllText(folder["runs/mixed/recipe.json"]))!["data"]!["mixture"]!.AsArray();
        Assert.InRange((long)Assert.Single(mixture)!["step"]!, 1, 59);
        Assert.Equal(0, Run("runs", "show", "mixed").Code);
        Assert.Equal(0, Run("train", "--resume", "mixed").Code);
    }

    /// <summary>A weight goes back to what the run began with, though the recipe's own is that one all the time.</summary>
    [Fact]
    public void AFirstWeightCanComeBack()
    {
        string[] weights = ["data.sources.books.weight=1", "data.sources.news.weight=1"];
        Stopped(["train", "--data", "sets/books", "sets/news", .. small, "--steps", "200", "--name", "back", "--set", .. weights]);
        Stopped(["train", "--resume", "back", "--set", "data.sources.books.weight=5"]);
        Stopped(["train", "--resume", "back", "--set", "data.sources.books.weight=1"]);
        var mixture = JsonNode.Parse(File.ReadAllText(folder["runs/back/recipe.json"]))!["data"]!["mixture"]!.AsArray();
        Assert.Equal([5.0, 1.0], mixture.Select(m => (double)m!["weights"]!["books"]!));

        void Stopped(string[] args)
        {
            var interrupts = new Interrupts();
            var clock = new StoppingClock(() => interrupts.Signal(PosixSignal.SIGINT), after: 40);
            var ran = new Caller { Folder = folder.Path, Interrupts = interrupts, Clock = clock }.Run(args);
            Assert.True(ran.Code == 130, ran.Error);
        }
    }

    public void Dispose() => folder.Dispose();
}
