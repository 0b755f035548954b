using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>The commands on corpora: what they say and write.</summary>
public sealed class DataTests : IDisposable
{
    readonly TempFolder folder = new();

    Ran Do(params string[] args) => new Caller { Folder = folder.Path, Environment = { ["DAYU_LANG"] = "en" } }.Run(args);

    void Write()
    {
        var random = new Random(1);
        const string hostile = "<script>alert('&')</script> \e[31m is short";
        File.WriteAllLines(folder["a.jsonl"], Enumerable.Range(0, 60).Select(i =>
            new JsonObject { ["text"] = i == 5 ? hostile : Prose(random) }.ToJsonString()).Append("{broken"));
        File.WriteAllText(folder["b.md"], Prose(random));
    }

    /// <summary>English enough for every rule.</summary>
    static string Prose(Random random) => string.Concat(Enumerable.Range(0, 12).Select(_ =>
        $"It was the {Words(random)} of the {Words(random)} that they have been looking for with the {Words(random)}. "));

    static string Words(Random random) => string.Join(' ', Enumerable.Range(0, 2).Select(_ =>
        new string([.. Enumerable.Range(0, 5).Select(_ => "etaoinshrdlu"[random.Next(12)])])));

    [Fact]
    public void FromFilesToShards()
    {
        Write();
        var first = Do("data", "prepare", "a.jsonl", "b.md", "--out", "data", "--held", "0.1", "--languages", "all", "--json");
        Assert.Equal(0, first.Code);
        Assert.Equal("v folder fingerprint report steps languages sources dropped lines evaluation shards", first.Keys);
        Assert.Equal(["a", "b"], first.Json["sources"]!.AsArray().Select(s => (string)s!["name"]!));
        Assert.Equal(62, (int)first.Json["steps"]![0]!["in"]!);
        var trained = Do("tokenizer", "train", "data", "--vocab", "300", "-o", "tokenizer.json");
        Assert.True(trained.Code == 0, trained.Error);
        var second = Do("data", "prepare", "data", "--tokenizer", "tokenizer.json", "--json");
        Assert.True(second.Code == 0, second.Error);
        Assert.True((long)second.Json["shards"]!["tokens"]! > 1000);
        Assert.Equal((string)first.Json["fingerprint"]!, (string)second.Json["fingerprint"]!);
        Assert.True(File.Exists(folder["data/shards/a/shards.json"]));
        Do("data", "stats", "data/shards").Says("300");
        Do("data", "stats", "data").Says("en");
    }

    /// <summary>Documents are hostile; the page shows them as text.</summary>
    [Theory, InlineData("en"), InlineData("zh")]
    public void ThePageShowsTextAsText(string language)
    {
        Write();
        Do("data", "prepare", "a.jsonl", "--out", "data", "--lang", language);
        var page = File.ReadAllText(folder["data/report.html"]);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\e', page);
        Assert.Contains("&lt;script&gt;alert(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.Contains(language == "zh" ? "质量过滤" : "near duplicates", page, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeDoneIsSaid()
    {
        Write();
        File.WriteAllText(folder["empty.jsonl"], "{\"text\": \"\"}\n");
        Assert.Equal(7, Do("data", "prepare", "empty.jsonl", "--out", "none").Code);
        Assert.Equal(3, Do("data", "prepare", "missing.txt", "--out", "x").Code);
        Do("data", "prepare", "a.jsonl").Warns("--out");
        File.WriteAllText(folder["x.doc"], "x");
        Do("data", "prepare", "x.doc", "--out", "x").Warns("DAYU-2123");
        Do("data", "prepare", "a.jsonl", "--out", "x", "--held", "2").Warns("--held");
        Do("data", "prepare", "a.jsonl", "--out", "x", "--languages", "fr").Warns("zh-hans");
        Assert.Equal(0, Do("data", "prepare", "a.jsonl", "--out", "data", "--languages", "all").Code);
        Do("data", "prepare", "a.jsonl", "--out", "data", "--languages", "all", "--held", "0.5").Warns("options.held: 0.01, now 0.5");
        Assert.Equal(0, Do("data", "prepare", "a.jsonl", "--out", "data", "--languages", "all", "--held", "0.5", "--yes").Code);
        Do("data", "prepare", "data/a", "--out", "data").Warns("lies in");
    }

    [Fact]
    public void APeekShowsEveryStep()
    {
        Write();
        var peek = Do("data", "peek", "a.jsonl", "-n", "2");
        peek.Says("a.jsonl:2");
        peek.Says("gopher.words");
        Assert.DoesNotContain('\e', Do("data", "peek", "a.jsonl", "-n", "6").Out);
        var json = Do("data", "peek", "a.jsonl", "-n", "6", "--json").Json;
        Assert.Equal(("a.jsonl:6", false), ((string)json["place"]!, (bool)json["kept"]!));
        Do("data", "peek", "a.jsonl", "-n", "99").Warns("DAYU-7122");
        Do("data", "peek", "b.md", "-n", "2").Warns("DAYU-3029");
    }

    /// <summary>SIGKILL at moments that a seed chooses; the last one is left alone.</summary>
    [Fact]
    public async Task KilledAtAnyMomentItEndsInTheSameBytes()
    {
        var random = new Random(2);
        File.WriteAllLines(folder["a.jsonl"], Enumerable.Range(0, Sizes.Of(3_000, 60_000)).Select(_ =>
            new JsonObject { ["text"] = MadeCorpus.Text(random, 400) }.ToJsonString()));
        File.SetLastWriteTimeUtc(folder["a.jsonl"], new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        var took = await Prepare("whole", TimeSpan.MaxValue);
        for (var left = Sizes.Of(3, 30); left > 0; left--)
            await Prepare("cut", took * random.NextDouble());
        await Prepare("cut", TimeSpan.MaxValue);
        foreach (var file in (string[])["prepare.json", "a/text-00000.jsonl.zst", "a/held-00000.jsonl.zst"])
            Assert.Equal(Convert.ToHexString(File.ReadAllBytes(folder[$"whole/{file}"])),
                Convert.ToHexString(File.ReadAllBytes(folder[$"cut/{file}"])));

        async Task<TimeSpan> Prepare(string to, TimeSpan until)
        {
            var start = TimeProvider.System.GetTimestamp();
            using var process = DayuProcess.Start(["data", "prepare", folder["a.jsonl"], "--out", folder[to], "--quality", "none",
                "--languages", "all"]);
            process.StandardInput.Close();
            var ended = DayuProcess.End(process);
            if (until < TimeSpan.MaxValue)
            {
                await Task.WhenAny(ended, Task.Delay(until, TestContext.Current.CancellationToken));
                if (!ended.IsCompleted) process.Kill();
            }
            var (code, _, error) = await ended;
            Assert.True(code == 0 || until < TimeSpan.MaxValue, error);
            return TimeProvider.System.GetElapsedTime(start);
        }
    }

    /// <summary>Texts that are ten times the heap that the process may have.</summary>
    [Fact]
    public async Task MoreThanTheHeapCanHold()
    {
        var random = new Random(3);
        var (heap, wanted) = (Sizes.Of(64L << 20, 200L << 20), Sizes.Of(80L << 20, 2_000L << 20));
        using (var file = new StreamWriter(folder["large.jsonl"]))
            while (file.BaseStream.Position < wanted)
                file.WriteLine(new JsonObject { ["text"] = MadeCorpus.Text(random, 1_000) }.ToJsonString());
        using var process = DayuProcess.Start(["data", "prepare", folder["large.jsonl"], "--out", folder["out"], "--quality", "none",
            "--languages", "all", "--max-mb", "1", "--json"], ("DOTNET_GCHeapHardLimit", $"0x{heap:X}"));
        process.StandardInput.Close();
        var (code, output, error) = await DayuProcess.End(process);
        Assert.True(code == 0, error);
        Assert.True((long)JsonNode.Parse(output)!["steps"]!.AsArray()[^1]!["bytes_out"]! > wanted * 0.9);
    }

    public void Dispose() => folder.Dispose();
}
