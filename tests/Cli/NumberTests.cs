using Dayu.Cli;

namespace Dayu.Tests;

/// <summary>Numbers are read alike in options, settings, variables and slash commands; what is none is told with what was meant.</summary>
public sealed class NumberTests
{
    [Theory]
    [InlineData("0.5", 0.5), InlineData(".5", 0.5), InlineData("1e-1", 0.1), InlineData("-2", -2.0), InlineData("5.", 5.0)]
    public void Reals(string text, double value)
    {
        Assert.True(Numbers.TryReal(text, out var found));
        Assert.Equal(value, found);
    }

    [Theory]
    [InlineData("0,5", false, "0.5"), InlineData("50%", false, "0.5"), InlineData("1,000", true, "1000"),
     InlineData("1_000", true, "1000"), InlineData("1 000", true, "1000"), InlineData("０．７", false, "0.7"),
     InlineData("４０", true, "40"), InlineData("1.000,5", false, null),
     InlineData("many", false, null), InlineData("1.5", true, null), InlineData("NaN", false, null), InlineData("1e999", false, null),
     InlineData("", false, null), InlineData("0x10", true, null)]
    public void WhatWasMeant(string text, bool isWhole, string? meant)
    {
        Assert.False(isWhole ? Numbers.TryWhole(text, out _) : Numbers.TryReal(text, out _));
        Assert.Equal(meant, Numbers.Meant(text, isWhole));
    }

    [Theory]
    [InlineData("--temperature 0,5", "Write 0.5"), InlineData("--top-p 50%", "Write 0.5"), InlineData("--top-k 1,000", "Write 1000"),
     InlineData("--repeat-penalty 1,1", "Write 1.1"), InlineData("--logit-bias 5=0,5", "Write 0.5"),
     InlineData("--seed -2", "--seed is -2"),
     InlineData("--max-tokens 99999999999", "at most 2147483647"), InlineData("--ctx 1.5", "a whole number"),
     InlineData("--top-k 1.5", "--top-k takes a whole number, not '1.5'"), InlineData("--min-p x", "--min-p takes a number, not 'x'")]
    public void InOptions(string options, string says)
    {
        var ran = Caller.Do(["run", TestModels.Stories, "hi", .. options.Split(' ')]);
        Assert.Equal(2, ran.Code);
        ran.Warns(says);
    }

    [Fact]
    public void InSettings()
    {
        using var folder = new TempFolder();
        var caller = new Caller { Folder = folder.Path, Environment = { ["XDG_CONFIG_HOME"] = folder.Path } };
        foreach (var line in (string[])["temperature 0,5", "temperature 50%"])
        {
            var ran = caller.Run(["config", "set", .. line.Split(' ')]);
            Assert.Equal(2, ran.Code);
            ran.Warns("Write 0.5.");
        }
        caller.Run("config", "set", "temperature", "-1").Warns("temperature is -1");
        Assert.Equal(0, caller.Run("config", "set", "context", "1e2").Code);
        Assert.Equal("100\n", caller.Run("config", "get", "context").Out);
        File.WriteAllText(folder["dayu.json"], "{ \"temperature\": \"0,5\" }");
        var said = caller.Run("ls");
        said.Warns($"{folder["dayu.json"]}: temperature");
        said.Warns("Write 0.5.");
        File.WriteAllText(folder["dayu.json"], "{ \"top_p\": 1.5 }");
        caller.Run("ls").Warns($"{folder["dayu.json"]}: top-p is 1.5");
    }

    [Fact]
    public void AVariableIsNamedUnlessAnOptionIsStronger()
    {
        var caller = new Caller { Environment = { ["DAYU_THREADS"] = "abc", ["DAYU_CONTEXT"] = "1,000" } };
        var ran = caller.Run("run", TestModels.Stories, "hi");
        Assert.Equal(2, ran.Code);
        ran.Warns("environment variable DAYU_THREADS: threads is 'abc'");
        Assert.Equal(0, caller.Run("run", TestModels.Stories, "hi", "-n", "1", "--threads", "1", "--ctx", "64").Code);
        ran = caller.Run("run", TestModels.Stories, "hi", "--threads", "1");
        ran.Warns("environment variable DAYU_CONTEXT");
        ran.Warns("Write 1000.");
    }

    [Fact]
    public void AfterASlash()
    {
        var ran = new Caller { Input = "/set temperature 0,5\n/set top-k 1.5\n/set seed -1\n/set max-tokens 1e1\n" }
            .Run("chat", TestModels.Stories);
        ran.Warns("Write 0.5.");
        ran.Warns("top-k takes a whole number, not '1.5'");
        ran.Warns("seed is -1");
        ran.Warns("max-tokens is 1e1");
    }

    [Fact]
    public void ASeedOfMinusOneIsRandom()
    {
        var ran = Caller.Do("run", TestModels.Stories, "hi", "-n", "1", "--seed", "-1", "--stats");
        Assert.True(ran.Code == 0, ran.Error);
        ran.Warns("seed 0");                                          // what luck says in tests
    }

    [Fact]
    public void StopTextsHaveEscapes()
    {
        string[] how = ["run", TestModels.Stories, "Once upon a time", "--temperature", "0", "--json", "--stop"];
        var (escaped, real) = (Caller.Do([.. how, "\\n"]), Caller.Do([.. how, "\n"]));
        Assert.Equal((string?)real.Json["text"], (string?)escaped.Json["text"]);
        Assert.DoesNotContain('\n', (string)escaped.Json["text"]!);
        escaped.Warns("--stop \\n is taken as ␊");
        Assert.DoesNotContain("--stop", real.Error, StringComparison.Ordinal);
        Assert.Equal(2, Caller.Do([.. how, ""]).Code);
        Caller.Do([.. how, "a\\\\n"]).Warns("is taken as a\\n");
    }
}
