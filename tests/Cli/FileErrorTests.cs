namespace Dayu.Tests;

/// <summary>Files that are missing, folders in their place, empty and broken ones: told with what named them, in our words.</summary>
public sealed class FileErrorTests
{
    /// <summary>Commands, with the option whose file is {0}.</summary>
    static readonly (string Option, string Line)[] lines =
    [
        ("--data", "eval perplexity {1} --data {0}"), ("--data", "eval lambada {1} --data {0}"), ("--data", "embed -m {1} --data {0}"),
        ("--data", "eval kl {1} --against exact --data {0}"), ("--data", "quantize {1} --to q8_0 -o {2} --data {0}"),
        ("--data", "tokenizer compare {1} --data {0}"), ("--data", "train --data {0}"), ("<recipe>", "train {0}"),
        ("--prompts", "run {1} --prompts {0}"), ("--tools", "run {1} hi --tools {0}"), ("--tools", "chat {1} --tools {0}"),
    ];

    static readonly (string Option, string Line)[] tokenizers =
    [
        ("--tokenizer", "run {1} hi --tokenizer {0}"), ("--tokenizer", "show {1} --tokenizer {0}"),
        ("--tokenizer", "tokenizer encode hi --tokenizer {0}"), ("--tokenizer", "quantize {1} --to q8_0 -o {2} --tokenizer {0}"),
        ("--tokenizer", "train --data text.txt --tokenizer {0}"),
    ];

    public static TheoryData<string, string> Lines() => [.. lines.Select(l => (l.Option, l.Line))];

    public static TheoryData<string, string> Tokenizers() => [.. tokenizers.Select(l => (l.Option, l.Line))];

    static Ran Run(QuantizeModel folder, string line, string file, string? language = null)
    {
        var words = line.Split(' ').Select(w => string.Format(w, file, folder.Path, folder["out.gguf"]));
        string[] more = language is null ? [] : ["--lang", language];
        return new Caller { Folder = folder[""], Input = "hi\n" }.Run([.. words, .. more]);
    }

    static void IsOurs(Ran ran, int code, string says)
    {
        Assert.True(ran.Code == code, ran.Error);
        ran.Warns(says);
        foreach (var theirs in (string[])["Could not find", "Access to", "denied", "LineNumber", "BytePosition", "defect"])
            Assert.DoesNotContain(theirs, ran.Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Lines)), MemberData(nameof(Tokenizers))]
    public void AMissingFileIsToldWithItsOption(string option, string line)
    {
        using var folder = new QuantizeModel();
        foreach (var missing in (string[])["none.json", "no/such/folder.txt"])
        {
            IsOurs(Run(folder, line, missing), 3, $"DAYU-3019: {option}: there is no file {folder[missing]}");
            IsOurs(Run(folder, line, missing, "zh"), 3, $"DAYU-3019: {option}：没有 {folder[missing]} 这个文件");
        }
    }

    [Theory, MemberData(nameof(Lines))]
    public void AFolderIsNoFileAndAnEmptyFileNoText(string option, string line)
    {
        using var folder = new QuantizeModel();
        Directory.CreateDirectory(folder["folder"]);
        File.WriteAllText(folder["empty"], "");
        IsOurs(Run(folder, line, "folder"), 2, $"DAYU-2080: {option}: {folder["folder"]} is a folder");
        IsOurs(Run(folder, line, "empty"), 7, $"DAYU-7004: {option}: {folder["empty"]} is empty");
    }

    [Theory]
    [InlineData("run {1} --prompts {0}", "{\"prompt\": \"a\"}\n\n{\"prompt\": }",
         "b.jsonl:3:12, in 'prompt': '}' is found; a value"),
     InlineData("run {1} --prompts {0}", "{\"prompt\": \"a\"}\n\n{\"promt\": 5}",
         "b.jsonl:3: prompt is missing; a text was expected"),
     InlineData("eval perplexity {1} --data {0}", "{\"text\": 5}", "b.jsonl:1: text is 5; a text was expected"),
     InlineData("eval perplexity {1} --data {0}", "plain", "b.jsonl:1:1: 'p' is found; a value was expected"),
     InlineData("train {0}", "{\n  \"schedule\": { \"rate\" 1 } }",
         "b.jsonl:2:24, in 'schedule': '1' is found; a colon and a value"),
     InlineData("train {0}", "{ \"seed\": 1, \"seed\": 2 }", "in 'seed': the key 'seed' comes a second time"),
     InlineData("train {0}", "[]", "the text is []; an object was expected")]
    public void BrokenJsonIsToldByItsPlace(string line, string content, string says)
    {
        using var folder = new QuantizeModel();
        File.WriteAllText(folder["b.jsonl"], content);
        IsOurs(Run(folder, line, "b.jsonl"), line.StartsWith("train", StringComparison.Ordinal) ? 2 : 7, says);
        Assert.DoesNotContain("expected", Run(folder, line, "b.jsonl", "zh").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void SettingsThatAreNotThere()
    {
        using var folder = new QuantizeModel();
        Directory.CreateDirectory(folder["folder"]);
        IsOurs(Run(folder, "ls --config {0}", "none.json"), 3, $"--config: there is no file {folder["none.json"]}");
        IsOurs(Run(folder, "ls --config {0}", "folder"), 2, $"DAYU-2080: --config: {folder["folder"]} is a folder");
        IsOurs(Run(folder, "tokenizer train {1} -o {0}", "folder"), 2, $"DAYU-2080: --out: {folder["folder"]} is a folder");
        IsOurs(Run(folder, "quantize {1} --to q8_0 -o no/where.gguf", ""), 3, $"there is no folder {folder["no"]}");
    }
}
