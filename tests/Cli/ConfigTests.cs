using System.Text;
using System.Text.Json.Nodes;
using Dayu.Cli;
using Dayu.Models;

namespace Dayu.Tests;

/// <summary>Settings: who wins, what files may say, and what is written into them.</summary>
public sealed class ConfigTests
{
    static Caller At(TempFolder folder, params (string, string)[] environment)
    {
        var caller = new Caller
        {
            Folder = folder["here"],
            Environment = { ["XDG_CONFIG_HOME"] = folder["config"], ["APPDATA"] = folder["config"], ["DAYU_DATA_DIR"] = folder["data"] },
        };
        Directory.CreateDirectory(folder["here"]);
        Directory.CreateDirectory(folder["config/dayu"]);
        foreach (var (name, value) in environment) caller.Environment[name] = value;
        return caller;
    }

    static string User(TempFolder folder) => folder["config/dayu/config.json"];

    static string Project(TempFolder folder) => folder["here/dayu.json"];

    static (string?, string?) Of(Caller caller, string key, params string[] more)
    {
        var one = caller.Run(["config", "list", "--format", "jsonl", .. more]).Lines.Single(s => (string)s["key"]! == key);
        return ((string?)one["value"], (string?)one["origin"]);
    }

    [Fact]
    public void TheNearestWins()
    {
        using var folder = new TempFolder();
        Assert.Equal((null, null), Of(At(folder), "context"));
        Assert.Equal(("auto", "default"), Of(At(folder), "format"));
        File.WriteAllText(User(folder), """
            { "context": 100, "lang": "zh", "hub.mirrors": ["https://a.example", "https://b.example"] }
            """);
        Assert.Equal(("100", User(folder)), Of(At(folder), "context"));
        Assert.Equal("https://a.example,https://b.example", Of(At(folder), "hub.mirrors").Item1);
        File.WriteAllText(Project(folder), "{ /* ours */ \"context\": 200, }");
        Assert.Equal(("200", Project(folder)), Of(At(folder), "context"));
        Assert.Equal(("300", "DAYU_CONTEXT"), Of(At(folder, ("DAYU_CONTEXT", "300")), "context"));
        File.WriteAllText(folder["here/other.json"], "{ \"context\": 400 }");
        Assert.Equal(("400", folder["here/other.json"]), Of(At(folder), "context", "--config", "other.json"));
        Assert.Equal((null, null), Of(At(folder), "lang", "--config=other.json"));
        Assert.Equal((folder["elsewhere"], "--data-dir"), Of(At(folder), "data_dir", "--data-dir", folder["elsewhere"]));
        At(folder).Run("--help").Says("用法");
        At(folder).Run("--help", "--lang", "en").Says("Usage");
    }

    [Fact]
    public void CommandsHeedThem()
    {
        using var folder = new TempFolder();
        string[] settings = ["max_tokens 4", "temperature 0", "format json", "precision exact", "threads 1", "context 64"];
        foreach (var setting in settings) Assert.Equal(0, At(folder).Run(["config", "set", .. setting.Split(' ')]).Code);
        Assert.Equal(0, At(folder).Run("config", "set", "model", TestModels.Stories).Code);
        var ran = At(folder).Run("run", "Once upon a time");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal(4, ran.Json["token_ids"]!.AsArray().Count);
        Assert.Equal(2, At(folder).Run("run", "Once", "--ctx", "9999").Code);
        Assert.Equal(5, At(folder).Run("run", "Once upon a time", "-n", "5").Json["token_ids"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("{ \"contxt\": 5 }", "'context'"), InlineData("{ \"xyzzy\": 5 }", "xyzzy"),
     InlineData("{ \"context\": \"5\" }", "whole number"), InlineData("{ \"context\": 0 }", "whole number"),
     InlineData("{ \"threads\": 99999 }", "from 1 to 1024"), InlineData("{ \"context\": 1.5 }", "whole number"),
     InlineData("{ \"temperature\": true }", "a number"), InlineData("{ \"format\": \"pdf\" }", "jsonl"),
     InlineData("{ \"model\": 5 }", "model"), InlineData("{ \"model\": \"\" }", "model"),
     InlineData("{", "dayu.json"), InlineData("[]", "dayu.json"),
     InlineData("{ \"context\": 1, \"context\": 2 }", "dayu.json"), InlineData("", "dayu.json"),
     InlineData("{ \"hub.mirrors\": [\"https://evil.example\"] }", "downloads"),
     InlineData("{ \"lang\": \"fr\" }", "en, zh")]
    public void WhatAFileMayNotSay(string text, string says)
    {
        using var folder = new TempFolder();
        var caller = At(folder);
        File.WriteAllText(Project(folder), text);
        foreach (var line in (string[][])[["ls"], ["config", "list"], ["config", "set", "context", "5", "--local"]])
        {
            if (text.Length == 0 && line is [_, "set", ..]) continue;  // an empty file is as good as none to write to
            var ran = caller.Run(line);
            Assert.Equal(2, ran.Code);
            ran.Warns(says);
            ran.Warns("dayu.json");
        }
        Assert.Equal(0, caller.Run("--help").Code);
        Assert.Equal(text, File.ReadAllText(Project(folder)));
    }

    [Theory]
    [InlineData("", "line 1, column 1: the text ends here; a value was expected"),
     InlineData("[]", "the text is []; an object was expected"),
     InlineData("{\n  \"model\" \"x\"\n}", "line 2, column 11: '\"' is found; a colon and a value was expected"),
     InlineData("{ \"data_dir\": \"C:\\models\" }", @"line 1, column 19, in 'data_dir': 'm' is found; an escape such as \\, \"" or \n"),
     InlineData("{ \"model\": \"a\nb\" }", "line 1, column 14, in 'model': the control character U+000A is found; an escape"),
     InlineData("{ \"model\": \"x }", "line 1, column 16, in 'model': the text ends here; a closing double quote was expected"),
     InlineData("{ \"context\": 1, \"context\": 2 }", "line 1, column 17, in 'context': the key 'context' comes a second time"),
     InlineData("{ \"context\": 1 \"lang\": 2 }", "line 1, column 16: '\"' is found; a comma and a key in double quotes, or }")]
    public void BrokenJsonIsToldInOurWords(string text, string says)
    {
        using var folder = new TempFolder();
        var caller = At(folder);
        File.WriteAllText(Project(folder), text);
        foreach (var verb in (string[])["ls", "doctor"])
        {
            var ran = caller.Run(verb);
            ran.Warns($"dayu.json cannot be read as settings: {says}");
            Assert.DoesNotContain("BytePosition", ran.Error, StringComparison.Ordinal);
            var chinese = caller.Run(verb, "--lang", "zh");
            chinese.Warns("dayu.json 不是有效的设置文件：");
            Assert.DoesNotContain("expected", chinese.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FilesOfPowerShellAreRead()
    {
        using var folder = new TempFolder();
        var caller = At(folder);
        File.WriteAllText(Project(folder), "{ \"context\": 7, }", Encoding.Unicode);
        Assert.Equal(0, caller.Run("config", "set", "lang", "zh", "--local").Code);
        Assert.Equal("7\n", caller.Run("config", "get", "context").Out);
        Assert.Equal("zh\n", caller.Run("config", "get", "lang").Out);
    }

    [Theory]
    [InlineData("config set contxt 5", "'context'"), InlineData("config get xyzzy", "config list"),
     InlineData("config set context many", "many"), InlineData("config set color red", "always"),
     InlineData("config set hub.mirrors ftp://a", "https://"),
     InlineData("config set hub.mirrors https://a --local", "downloads"),
     InlineData("ls --config nosuch.json", "nosuch.json")]
    public void WrongSettings(string line, string says)
    {
        using var folder = new TempFolder();
        var ran = At(folder).Run(line.Split(' '));
        Assert.Equal(line.StartsWith("ls", StringComparison.Ordinal) ? 3 : 2, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(User(folder)) || File.Exists(Project(folder)));
    }

    [Fact]
    public void AWrongVariableIsTold() =>
        new Caller { Environment = { ["DAYU_THREADS"] = "all" } }.Run("run", TestModels.Stories, "hi").Warns("DAYU_THREADS");

    [Fact]
    public void SetAndGet()
    {
        using var folder = new TempFolder();
        Assert.Equal(0, At(folder).Run("config", "set", "context", "512").Code);
        Assert.Equal("512\n", At(folder).Run("config", "get", "context").Out);
        Assert.True(File.Exists(folder["config/dayu/dayu.schema.json"]));
        Assert.Equal(0, At(folder).Run("config", "set", "hub.mirrors", "https://a.example,https://b.example/hub").Code);
        const string written = """
            {
              "$schema": "./dayu.schema.json",
              "context": 512,
              "hub.mirrors": ["https://a.example","https://b.example/hub"]
            }

            """;
        Assert.Equal(written.ReplaceLineEndings("\n"), File.ReadAllText(User(folder)));
        At(folder, ("DAYU_CONTEXT", "5")).Run("config", "set", "context", "600").Warns("DAYU_CONTEXT");
        Assert.Equal(0, At(folder).Run("config", "unset", "context").Code);
        Assert.Equal("\n", At(folder).Run("config", "get", "context").Out);
        Assert.Equal(0, At(folder).Run("config", "set", "model", "大禹 \"q\"", "--local").Code);
        Assert.Equal("大禹 \"q\"\n", At(folder).Run("config", "get", "model").Out);
        var files = At(folder).Run("config", "path", "--json").Json["files"]!.AsArray();
        Assert.Equal([Project(folder), User(folder)], files.Select(f => (string)f!["path"]!));
    }

    [Theory]
    [InlineData("", "x", "1", "{\n  \"x\": 1\n}\n"), InlineData("{}", "x", "1", "{\n  \"x\": 1\n}"),
     InlineData("{\"x\":1}", "x", "25", "{\"x\":25}"),
     InlineData("{\"a\":1}", "x", "2", "{\"a\":1,\n  \"x\": 2\n}"),
     InlineData("{\n  // one\n  \"a\": 1, // two\n  /* , */\n}\n", "x", "2", "{\n  // one\n  \"a\": 1, // two\n  /* , */\n  \"x\": 2\n}\n"),
     InlineData("{\n  \"a\": 1 // two, three\n}\n", "x", "2", "{\n  \"a\": 1, // two, three\n  \"x\": 2\n}\n"),
     InlineData("{\n  \"x\": [1, // c\n 2], \"y\": {\"x\": 5}\n}", "x", "[]", "{\n  \"x\": [], \"y\": {\"x\": 5}\n}"),
     InlineData("{\n  \"a\": 1,\n  \"x\": 2, \n  \"b\": 3\n}\n", "x", null, "{\n  \"a\": 1,\n  \"b\": 3\n}\n"),
     InlineData("{\n  \"a\": 1,\n  \"x\": 2 // why\n}\n", "x", null, "{\n  \"a\": 1, // why\n}\n"),
     InlineData("{\"x\":2}", "x", null, "{}"), InlineData("{\"a\":2}", "x", null, "{\"a\":2}")]
    public void OnlyTheValueChanges(string text, string key, string? value, string expected)
    {
        var changed = Encoding.UTF8.GetString(ConfigText.Set(Encoding.UTF8.GetBytes(text), key, value));
        if (!expected.Contains("why", StringComparison.Ordinal)) Assert.Equal(expected, changed);
        else Assert.Contains("// why", changed, StringComparison.Ordinal);
        var json = new JsonText("changed", Encoding.UTF8.GetBytes(changed), byHand: true).ParseObject();
        Assert.Equal(value is null, json[key] is null);
    }

    /// <summary>
    /// The published schema is that of the table; every key that the table has is in it, and nothing else.
    /// </summary>
    [Fact]
    public void TheSchemaIsTheTable()
    {
        Assert.Equal(Caller.Do("config", "schema", "--lang", "en").Out, House.Text("docs/dayu.schema.json"));
        var properties = JsonNode.Parse(House.Text("docs/dayu.schema.json"))!["properties"]!.AsObject();
        Assert.Equal(Setting.Known.Select(s => s.Key).Prepend("$schema"), properties.Select(p => p.Key));
        Assert.All(Setting.Known, s => Assert.True(Strings.Of("en").Has($"setting.{s.Key}"), s.Key));
    }

    /// <summary>Every variable that the code asks for stands in docs/cli.md.</summary>
    [Fact]
    public void VariablesAreOnThePage()
    {
        var page = House.Text("docs/cli.md");
        string[] others = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "NO_COLOR", "DAYU_CPU"];
        foreach (var variable in Setting.Known.Select(s => s.Variable).OfType<string>().Concat(others))
            Assert.Contains($"`{variable}`", page, StringComparison.Ordinal);
    }
}
