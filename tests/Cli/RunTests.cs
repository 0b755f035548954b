using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>One answer, in its forms.</summary>
public sealed class RunTests
{
    const string Prompt = "Once upon a time";

    [Fact]
    public void JsonHasItsKeysAndTheTextIsTheTokens()
    {
        var ran = Caller.Do("run", TestModels.Stories, Prompt, "--temperature", "0", "-n", "20", "--json");
        Assert.Equal("v text prompt_ids token_ids finish_reason usage timing", ran.Keys);
        Assert.Equal("prompt_tokens completion_tokens", Ran.KeysOf(ran.Json["usage"]));
        Assert.Equal("load_s first_token_s prefill_tok_s decode_tok_s", Ran.KeysOf(ran.Json["timing"]));
        Assert.Equal(", there was a little girl named Lily. She loved to play outsid", (string?)ran.Json["text"]);
        Assert.Equal("length", (string?)ran.Json["finish_reason"]);
        Assert.Equal(20, ran.Json["token_ids"]!.AsArray().Count);
        Assert.Equal(20, (int)ran.Json["usage"]!["completion_tokens"]!);
        Assert.Equal(ran.Json["prompt_ids"]!.AsArray().Count, (int)ran.Json["usage"]!["prompt_tokens"]!);
        Assert.Equal(1, (int)ran.Json["prompt_ids"]![0]!);          // the beginning of a text, once
    }

    [Fact]
    public void TextJsonAndJsonlTellTheSame()
    {
        string[] how = ["run", TestModels.Stories, Prompt, "--seed", "7", "-n", "30"];
        var text = Caller.Do(how).Out;
        var whole = (string)Caller.Do([.. how, "--json"]).Json["text"]!;
        var lines = Caller.Do([.. how, "--format", "jsonl"]).Lines.ToList();
        Assert.Equal(whole + "\n", text);
        Assert.Equal(whole, string.Concat(lines.SkipLast(1).Select(l => (string)l["text"]!)));
        Assert.Equal(("done", whole), ((string)lines[^1]["event"]!, (string)lines[^1]["text"]!));
        Assert.Equal(text, Caller.Do(how).Out);                      // same seed, same text
    }

    [Fact]
    public void PromptsComeAsArgumentsAndThroughPipes()
    {
        string[] options = ["--temperature", "0", "-n", "5", "--json"];
        var expected = Ids(new(), TestModels.Stories, Prompt);
        Assert.Equal(expected, Ids(new() { Input = Prompt + "\n" }, TestModels.Stories));
        Assert.Equal(expected, Ids(new(), "-m", TestModels.Stories, Prompt));
        Assert.Equal(expected, Ids(new() { Environment = { ["DAYU_MODEL"] = TestModels.Stories } }, Prompt));
        Assert.Equal(expected, Ids(new(), [TestModels.Stories, .. options, "--", Prompt]));
        Assert.True(Ids(new() { Input = "there was" }, TestModels.Stories, Prompt, "-").Length > expected.Length);

        int[] Ids(Caller caller, params string[] words)
        {
            var ran = caller.Run(["run", .. words.Contains("--") ? [] : options, .. words]);
            return [.. ran.Json["prompt_ids"]!.AsArray().Select(i => (int)i!)];
        }
    }

    [Fact]
    public void StoredModelsHaveNames()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["models"]);
        File.Copy(TestModels.Stories, folder["models/tale.bin"]);
        File.Copy(Path.Combine(Path.GetDirectoryName(TestModels.Stories)!, "tok512.bin"), folder["models/tok512.bin"]);
        var caller = new Caller { Environment = { ["DAYU_DATA_DIR"] = folder.Path } };
        Assert.Equal(0, caller.Run("run", "tale", Prompt, "-n", "3").Code);
        var listed = caller.Run("ls", "--json").Json["models"]!.AsArray();
        Assert.Equal("tale", (string)Assert.Single(listed)!["name"]!);
        Assert.Equal("name path parameters context type bytes val created", string.Join(' ', listed[0]!.AsObject().Select(p => p.Key)));
    }

    [Fact]
    public void StopsBeforeAStopString()
    {
        var ran = Caller.Do("run", TestModels.Stories, Prompt, "--temperature", "0", "--stop", "named Lily", "--json");
        Assert.Equal((", there was a little girl ", "stop"), ((string)ran.Json["text"]!, (string)ran.Json["finish_reason"]!));
    }

    [Fact]
    public void LogProbsOnDemand()
    {
        var ran = Caller.Do("run", TestModels.Stories, Prompt, "--temperature", "0", "-n", "4", "--logprobs", "3", "--json");
        var tokens = ran.Json["logprobs"]!.AsArray();
        Assert.Equal(4, tokens.Count);
        Assert.All(tokens, t => Assert.Equal((double)t!["logprob"]!, (double)t["top"]![0]!["logprob"]!));
        Assert.All(tokens, t => Assert.Equal(3, t!["top"]!.AsArray().Count));
    }

    [Fact]
    public void ABiasForbidsAToken()
    {
        var first = First();
        Assert.NotEqual(first, First("--logit-bias", $"{first}=-100"));

        static int First(params string[] bias) =>
            (int)Caller.Do(["run", TestModels.Stories, Prompt, "--temperature", "0", "-n", "1", "--json", .. bias]).Json["token_ids"]![0]!;
    }

    [Fact]
    public void APromptThatDoesNotFitIsRefusedAndCutOnlyOnDemand()
    {
        var text = string.Join(' ', Enumerable.Repeat("Lily went to the park.", 60));
        var refused = Caller.Do("run", TestModels.Stories, text, "--ctx", "64");
        Assert.Equal(1, refused.Code);
        Assert.Matches(@"DAYU-1004: the prompt is \d{3} tokens; this context holds 64", refused.Error);
        Assert.Contains("--truncate", refused.Error, StringComparison.Ordinal);
        foreach (var end in (string[])["head", "tail"])
        {
            var cut = Caller.Do("run", TestModels.Stories, text, "--ctx", "64", "--truncate", end, "-n", "8", "--json");
            Assert.Equal(0, cut.Code);
            Assert.Equal(56, cut.Json["prompt_ids"]!.AsArray().Count);
            Assert.Contains($"--truncate {end}", cut.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void StatsAreOnStandardError()
    {
        var ran = Caller.Do("run", TestModels.Stories, Prompt, "-n", "3", "--stats");
        Assert.Contains("tok/s", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("tok/s", ran.Out, StringComparison.Ordinal);
    }
}
