using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>Several answers of one call are those of several calls, in the order of the prompts.</summary>
public sealed class BatchTests : IDisposable
{
    readonly QuantizeModel model = new();

    public void Dispose() => model.Dispose();

    string File(string name, string text)
    {
        System.IO.File.WriteAllText(model[name], text);
        return model[name];
    }

    static string[] Texts(JsonNode? answers) => [.. answers!.AsArray().Select(a => (string)a!["text"]!)];

    [Fact]
    public void EveryLineOfAFileIsAPrompt()
    {
        string[] prompts = ["Once upon a time", "The old bridge", "", "Nobody knew 2 rivers"];
        string[] how = ["--raw", "--seed", "5", "-n", "9", "--json"];
        var file = File("prompts.txt", string.Join("\r\n", prompts) + "\n");
        var ran = Caller.Do(["run", model.Path, "--prompts", file, "--together", "2", .. how]);
        Assert.Equal("v answers timing", ran.Keys);
        Assert.Equal("index prompt text prompt_ids token_ids finish_reason usage", Ran.KeysOf(ran.Json["answers"]![0]));
        string[] asked = [.. prompts.Where(p => p.Length > 0)];
        Assert.Equal(asked, ran.Json["answers"]!.AsArray().Select(a => (string)a!["prompt"]!));
        for (var i = 0; i < asked.Length; i++)
        {
            var alone = Caller.Do("run", model.Path, asked[i], "--raw", "--seed", $"{5 + i}", "-n", "9", "--json");
            Assert.Equal((string)alone.Json["text"]!, Texts(ran.Json["answers"])[i]);
        }
        var objects = File("prompts.jsonl", string.Concat(asked.Select(p => new JsonObject { ["prompt"] = p }.ToJsonString() + "\n")));
        Assert.Equal(Texts(ran.Json["answers"]), Texts(Caller.Do(["run", model.Path, "--prompts", objects, .. how]).Json["answers"]));
    }

    [Fact]
    public void SamplesOfOnePromptDiffer()
    {
        string[] how = ["run", model.Path, "Once", "--raw", "--samples", "5", "--temperature", "1.5", "--seed", "3", "-n", "12"];
        var texts = Texts(Caller.Do([.. how, "--json"]).Json["answers"]);
        Assert.Equal(5, texts.Distinct().Count());
        var lines = Caller.Do([.. how, "--format", "jsonl"]).Lines.ToList();
        Assert.Equal(texts, lines.SkipLast(1).Select(l => (string)l["text"]!));
        Assert.Equal(["answer", "answer", "answer", "answer", "answer", "done"], lines.Select(l => (string)l["event"]!));
        var shown = Caller.Do([.. how, "--stats"]);
        for (var i = 1; i <= 5; i++) Assert.Contains($"── {i}/5  Once\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains("5 answers, 60 tokens", shown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTheCommandLineSaysStandsBeforeEachPrompt()
    {
        var file = File("prompts.txt", "one\ntwo");
        var ran = Caller.Do("run", model.Path, "Count:", "--prompts", file, "--raw", "-n", "2", "--json");
        Assert.Equal(["Count:\n\none", "Count:\n\ntwo"], ran.Json["answers"]!.AsArray().Select(a => (string)a!["prompt"]!));
    }

    [Theory]
    [InlineData("--samples", "0", 2), InlineData("--samples", "100001", 2)]
    [InlineData("--together", "0", 2), InlineData("--prompts", "none.txt", 3)]
    public void ErrorsNameTheOption(string option, string value, int code)
    {
        string[] samples = option == "--samples" ? [] : ["--samples", "1"];
        var ran = Caller.Do(["run", model.Path, "Once", "-n", "1", .. samples, option, value]);
        Assert.Equal(code, ran.Code);
        Assert.Contains(value, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void APromptThatDoesNotFitIsRefused()
    {
        var file = File("prompts.txt", "short\n" + string.Join(' ', Enumerable.Repeat("bridge", 200)));
        var ran = Caller.Do("run", model.Path, "--prompts", file, "--raw", "-n", "2");
        Assert.Equal((1, ""), (ran.Code, ran.Out));
        Assert.Contains("DAYU-1004", ran.Error, StringComparison.Ordinal);
    }

    /// <summary>The model has more rows than its tokenizer has tokens; every row can be shown.</summary>
    [Fact]
    public void RowsWithoutATokenHaveANameToo()
    {
        var next = Caller.Do("explain", "probs", model.Path, "--text", "Once", "--top", "660", "--json").Json["next"]!.AsArray();
        Assert.Equal(660, next.Count);
        Assert.Contains(next, t => (string)t!["token"]! == "[PAD659]");
    }

    /// <summary>What the template is told shows in the prompt.</summary>
    [Fact]
    public void TheTemplateIsToldOfThinkingAndTools()
    {
        File("model/tokenizer_config.json", """
            { "chat_template":
              "{{ messages[0].content }}{{ enable_thinking }}{% for t in tools or [] %}<{{ t.function.name }}>{% endfor %}" }
            """);
        var tools = File("tools.json", """[{ "type": "function", "function": { "name": "weather" } }]""");
        Assert.Equal(Ids("Hi"), Told("Hi"));
        Assert.Equal(Ids("HiFalse<weather>"), Told("Hi", "--think", "off", "--tools", tools));
        Assert.Equal(Ids("HiTrue"), Told("Hi", "--think", "on"));
        Assert.Equal(7, Caller.Do("run", model.Path, "Hi", "--tools", File("bad.json", "{}")).Code);
        Assert.Equal(7, Caller.Do("run", model.Path, "Hi", "--tools", File("bad.json", "[1")).Code);
        Assert.Equal(2, Caller.Do("run", model.Path, "Hi", "--think", "maybe").Code);

        string Ids(string text) => Caller.Do("run", model.Path, text, "--raw", "-n", "1", "--json").Json["prompt_ids"]!.ToJsonString();

        string Told(params string[] words) =>
            Caller.Do(["run", model.Path, .. words, "-n", "1", "--json"]).Json["prompt_ids"]!.ToJsonString();
    }

    [Fact]
    public void AnyModelEmbeds()
    {
        var (mean, last) = (Vectors(), Vectors("--pooling", "last"));
        Assert.Equal((2, 256), (mean.Length, mean[0].Length));
        foreach (var v in mean.Concat(last)) Assert.Equal(1, v.Sum(x => x * x), 1e-4);
        Assert.NotEqual(mean[0], last[0]);
        Assert.Equal(2, Caller.Do("embed", model.Path, "a", "--pooling", "best").Code);

        double[][] Vectors(params string[] more) =>
            [.. Caller.Do(["embed", model.Path, "the old bridge", "two rivers", "--json", .. more]).Json["embeddings"]!.AsArray()
                .Select(e => e!["embedding"]!.AsArray().Select(v => (double)v!).ToArray())];
    }
}
