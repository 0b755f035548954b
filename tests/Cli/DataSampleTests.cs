using System.Text.Json.Nodes;
using Dayu.Cli;

namespace Dayu.Tests;

/// <summary>Texts for training: the same whatever runs beside them, however often they were stopped.</summary>
public sealed class DataSampleTests : IDisposable
{
    readonly QuantizeModel model = new();
    readonly string prompts;

    public DataSampleTests()
    {
        prompts = model["prompts.txt"];
        File.WriteAllText(prompts, "Once upon a time\nThe old bridge\n\n大禹\n");
        Directory.CreateDirectory(model["base"]);                    // the same model without a chat template
        foreach (var file in (string[])["config.json", "model.safetensors", "tokenizer.json"])
            File.Copy(Path.Combine(model.Path, file), Path.Combine(model["base"], file));
    }

    public void Dispose() => model.Dispose();

    string[] How(string file, params string[] more) =>
        ["data", "sample", model["base"], "--prompts", prompts, "--max-tokens", "8", "--temperature", "1.5", "-o", model[file], .. more];

    string Written(string file) => File.ReadAllText(model[file]);

    static Ran Ok(string[] args)
    {
        var ran = Caller.Do([.. args, "--json"]);
        Assert.True(ran.Code == 0, ran.Error);
        return ran;
    }

    [Fact]
    public void ATextDependsOnSeedPromptAndTurnAlone()
    {
        var ran = Ok(How("a.jsonl", "-n", "10", "--together", "1"));
        Assert.Equal("v path texts written dropped tokens seconds tok_s", ran.Keys);
        Ok(How("b.jsonl", "-n", "10", "--together", "7"));
        Assert.Equal(Written("a.jsonl"), Written("b.jsonl"));
        var lines = File.ReadAllLines(model["a.jsonl"]).Select(l => JsonNode.Parse(l)!).ToArray();
        Assert.Equal("prompt text index seed model", Ran.KeysOf(lines[0]));
        Assert.Equal(["Once upon a time", "The old bridge", "大禹", "Once upon a time"], lines.Take(4).Select(l => (string)l["prompt"]!));
        Assert.Equal(10, lines.Select(l => (long)l["seed"]!).Distinct().Count());
        foreach (var i in (int[])[0, 5])
        {
            string[] how = ["--raw", "-n", "8", "--temperature", "1.5", "--seed", $"{lines[i]["seed"]}", "--json"];
            var alone = Caller.Do(["run", model["base"], (string)lines[i]["prompt"]!, .. how]);
            Assert.Equal((string?)alone.Json["text"], (string?)lines[i]["text"]);
        }
        Ok(How("c.jsonl", "-n", "10", "--seed", "2"));
        Assert.NotEqual(Written("a.jsonl"), Written("c.jsonl"));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(57), InlineData(-1), InlineData(-40)]
    public void AStoppedRunGoesOnToTheSameFile(int cut)
    {
        Ok(How("whole.jsonl", "-n", "7", "--min-chars", "6"));
        var bytes = File.ReadAllBytes(model["whole.jsonl"]);
        File.WriteAllBytes(model["cut.jsonl"], bytes[..(cut < 0 ? bytes.Length + cut : cut)]);      // as a power cut leaves it
        Ok(How("cut.jsonl", "-n", "7", "--min-chars", "6"));
        Assert.Equal(Written("whole.jsonl"), Written("cut.jsonl"));
        var again = Ok(How("cut.jsonl", "-n", "7", "--min-chars", "6"));
        Assert.Equal(0, (int)again.Json["written"]!);
        Ok(How("more.jsonl", "-n", "9", "--min-chars", "6"));
        Ok(How("cut.jsonl", "-n", "9", "--min-chars", "6"));
        Assert.Equal(Written("more.jsonl"), Written("cut.jsonl"));
        var foreign = Caller.Do(How("cut.jsonl", "-n", "9", "--seed", "5"));
        Assert.Equal(2, foreign.Code);
        foreign.Warns("DAYU-2762");
    }

    [Fact]
    public void CtrlCLeavesWholeLines()
    {
        var interrupts = new Interrupts();
        interrupts.Signal(System.Runtime.InteropServices.PosixSignal.SIGINT);
        var ran = new Caller { Interrupts = interrupts }.Run(How("a.jsonl", "-n", "5"));
        Assert.Equal(130, ran.Code);
        ran.Warns("the same command goes on");
        Assert.Equal("", Written("a.jsonl"));
        Ok(How("a.jsonl", "-n", "5"));
        Assert.Equal(5, File.ReadAllLines(model["a.jsonl"]).Length);
    }

    [Fact]
    public void WhatIsNotWantedIsDroppedAndCounted()
    {
        var all = Ok(How("all.jsonl", "-n", "12"));
        Assert.Equal(0, (int)all.Json["dropped"]!);
        var texts = File.ReadAllLines(model["all.jsonl"]).Select(l => (string)JsonNode.Parse(l)!["text"]!).ToArray();
        var least = texts.Select(t => t.Length).Order().ElementAt(3);
        var kept = texts.TakeWhile((_, i) => texts.Take(i).Count(t => t.Length >= least) < 6).Count(t => t.Length >= least);
        var some = Ok(How("some.jsonl", "-n", $"{kept}", "--min-chars", $"{least}"));
        Assert.Equal(texts.Where(t => t.Length >= least).Take(kept),
            File.ReadAllLines(model["some.jsonl"]).Select(l => (string)JsonNode.Parse(l)!["text"]!));
        Assert.True((int)some.Json["dropped"]! >= 0);
        var none = Caller.Do(How("none.jsonl", "-n", "1", "--min-chars", "1000000"));
        Assert.Equal(2, none.Code);
        none.Warns("DAYU-2763");
    }

    [Fact]
    public void ConversationsCanBeTrainedOn()
    {
        var file = model["chats.jsonl"];
        File.WriteAllText(file, """
            {"messages": [{"role": "user", "content": "Hi"}]}
            {"prompt": "The bridge"}
            """);
        string[] how = ["--prompts", file, "-n", "2", "--max-tokens", "4", "-o", model["a.jsonl"], "--system", "Be brief."];
        Ok(["data", "sample", model.Path, .. how]);
        foreach (var (line, said) in File.ReadAllLines(model["a.jsonl"]).Zip((string[])["Hi", "The bridge"]))
        {
            var messages = JsonNode.Parse(line)!["messages"]!.AsArray();
            Assert.Equal(["system", "user", "assistant"], messages.Select(m => (string)m!["role"]!));
            Assert.Equal(said, (string?)messages[1]!["content"]);
        }
        Assert.Equal(2, Caller.Do(["data", "sample", model["base"], "--prompts", file, "-n", "1", "-o", model["b.jsonl"]]).Code);
    }

    [Fact]
    public void WithoutPromptsTextsBeginAtTheBeginning()
    {
        var config = model["base/config.json"];
        var said = JsonNode.Parse(File.ReadAllText(config))!;
        said["eos_token_id"] = 5;
        File.WriteAllText(config, said.ToJsonString());
        string[] how = ["-n", "3", "--max-tokens", "5", "-o", model["a.jsonl"], "--json"];
        var ran = Caller.Do(["data", "sample", model["base"], .. how]);
        Assert.True(ran.Code == 0, ran.Error);
        Assert.All(File.ReadAllLines(model["a.jsonl"]), l => Assert.Equal("", (string?)JsonNode.Parse(l)!["prompt"]));
    }

    [Theory]
    [InlineData("-n", "0"), InlineData("--together", "0"), InlineData("--prompts", "none.txt")]
    public void ErrorsNameTheOption(string option, string value)
    {
        string[] count = option == "-n" ? [] : ["-n", "1"];
        var ran = Caller.Do(["data", "sample", model["base"], "-o", model["a.jsonl"], .. count, option, value]);
        Assert.NotEqual(0, ran.Code);
        Assert.Contains(option == "-n" ? "--count" : option, ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(model["a.jsonl"]));
    }
}
