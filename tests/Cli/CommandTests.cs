using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>The other commands: keys of their objects, and that nothing commands a terminal.</summary>
public sealed class CommandTests
{
    const string ShowKeys = "v path bytes family architecture parameters context layers width heads kv_heads vocabulary"
        + " formats tokenizer template ends sampler origin";
    const string KlKeys = "v model against tokens mean_kl kl_99 same_top perplexity against_perplexity window stride";

    public static TheoryData<string, string> Objects() => new()
    {
        { "show {gguf}", ShowKeys },
        { "show {stories}", ShowKeys },
        { "doctor", "v os dotnet cpu cores features memory paths path families formats data_folder warnings" },
        { "ls", "v models" },
        { "pull", "v models" },
        { "explain probs {stories} --text Once", "v tokens entropy_bits rest next" },
        { "explain tokens {stories} --text Once", "v tokens" },
        { "tokenizer encode Once -m {stories}", "v ids tokens" },
        { "tokenizer decode 403 407 -m {stories}", "v text" },
        { "eval perplexity {stories} --data {text}", "v tokens nll perplexity bits_per_byte window stride" },
        { "eval lambada {stories} --data {text} --limit 2", "v passages accuracy perplexity" },
        { "eval kl {stories} --against exact --data {text}", KlKeys },
        { "help exit-codes", "v exit_codes" },
    };

    static string[] Line(string line, TempFolder folder)
    {
        File.WriteAllText(folder["text.txt"], "Once upon a time there was a girl\nShe went to the park\nAnd so on\n");
        return [.. line.Split(' ').Select(Word)];

        string Word(string word) => word switch
        {
            "{gguf}" => TestModels.Gguf,
            "{stories}" => TestModels.Stories,
            "{text}" => folder["text.txt"],
            _ => word,
        };
    }

    [Theory, MemberData(nameof(Objects))]
    public void ObjectsHaveTheirKeys(string line, string keys)
    {
        using var folder = new TempFolder();
        var ran = Caller.Do([.. Line(line, folder), "--json"]);
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal(keys, ran.Keys);
        Assert.Equal(1, ran.Out.Count(c => c == '\n'));
    }

    [Theory, MemberData(nameof(Objects))]
    public void PipesStayClean(string line, string keys)
    {
        _ = keys;
        using var folder = new TempFolder();
        foreach (var format in (string[])["auto", "table", "json", "jsonl", "csv", "md"])
        {
            var ran = Caller.Do([.. Line(line, folder), "--format", format]);
            if (ran.Code == 2) continue;                              // not every result has every form
            Assert.DoesNotContain('\e', ran.Out + ran.Error);
            Assert.DoesNotContain('\uFEFF', ran.Out);
            Assert.Equal(0, ran.Code);
        }
    }

    [Fact]
    public void AModelCannotCommandTheTerminal()
    {
        var ran = new Caller { OutIsTty = true }.Run("tokenizer", "decode", "30", "-m", TestModels.Stories);   // SentencePiece's byte 0x1B
        Assert.Equal("␛\n", ran.Out);
    }

    [Fact]
    public void ProbabilitiesSumToOne()
    {
        var json = Caller.Do("explain", "probs", TestModels.Stories, "--text", "Once upon a", "--top", "5", "--json").Json;
        var next = json["next"]!.AsArray();
        Assert.Equal(5, next.Count);
        Assert.Equal(" time", (string)next[0]!["token"]!);
        Assert.Equal(1, next.Sum(t => (double)t!["p"]!) + (double)json["rest"]!, 1e-5);
        Assert.InRange((double)json["entropy_bits"]!, 0, 9);
    }

    [Fact]
    public void ShowCountsWhatTheFileHolds()
    {
        var json = Caller.Do("show", TestModels.Stories, "--json").Json;
        Assert.Equal((5, 8, 4), ((int)json["layers"]!, (int)json["heads"]!, (int)json["kv_heads"]!));
        Assert.Equal((512, 512), ((int)json["vocabulary"]!, (int)json["context"]!));
        Assert.Equal(260_032, (long)json["parameters"]!);
    }

    [Fact]
    public void EnvironmentIsLessThanAFlag()
    {
        var caller = new Caller { Environment = { ["DAYU_FORMAT"] = "json" } };
        Assert.IsType<JsonObject>(JsonNode.Parse(caller.Run("doctor").Out));
        Assert.StartsWith("name,value\n", caller.Run("doctor", "--format", "csv").Out, StringComparison.Ordinal);
        Assert.Equal(2, new Caller { Environment = { ["DAYU_CONTEXT"] = "much" } }.Run("run", TestModels.Stories, "hi").Code);
        Assert.Equal(2, new Caller { Environment = { ["DAYU_CONTEXT"] = "513" } }.Run("run", TestModels.Stories, "hi").Code);
    }
}
