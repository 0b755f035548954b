namespace Dayu.Tests;

/// <summary>A conversation through a pipe: each line a message, each answer a line, nothing else.</summary>
public sealed class ChatTests
{
    static Ran Talk(string model, string lines, params string[] options) => new Caller { Input = lines }.Run(["chat", model, .. options]);

    [Fact]
    public void ThreeTurns()
    {
        var ran = Talk(TestModels.Stories, "Once upon a time\nThen\nThe end\n", "--temperature", "0", "-n", "8");
        Assert.Equal(0, ran.Code);
        Assert.Equal(3, ran.Out.Count(c => c == '\n'));
        Assert.Contains("no chat template", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AMessageOfSeveralLines()
    {
        using var folder = new TempFolder();
        Talk(TestModels.Stories, $"\"\"\"Once\nupon\"\"\"\n/save {folder["c.json"]}\n", "-n", "2");
        Assert.Contains("\"Once\\nupon\"", File.ReadAllText(folder["c.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void CommandsNeverGoToTheModel()
    {
        string[] lines =
        [
            "/sett temperature 0", "/nonsense", "/help", "/set temperature 0", "/set temperature -4", "/set nothing 1", "/tokens",
            "/probs", "/undo", "/retry", "/system You are kind.", "/system", "/clear", "/exit", "not reached",
        ];
        var ran = Talk(TestModels.Stories, string.Join('\n', lines) + "\n");
        Assert.Equal((0, ""), (ran.Code, ran.Out));
        ran.Warns("did you mean /set?");
        ran.Warns("'/nonsense'");
        ran.Warns("/export FILE");
        ran.Warns("temperature is 0");
        ran.Warns("temperature is -4");
        ran.Warns("top-k");
        ran.Warns("nothing yet");
        ran.Warns("You are kind.");
    }

    [Fact]
    public void UndoRetrySaveLoadExport()
    {
        using var folder = new TempFolder();
        var files = $"/save {folder["c.json"]}\n/export {folder["c.md"]}\n/save {folder["c.json"]}\n/load {folder["none.json"]}\n";
        var ran = Talk(TestModels.Stories, $"Once upon a time\n/retry\nAnd\n/undo\n{files}", "--temperature", "0", "-n", "6");
        var answers = ran.Out.Trim('\n').Split('\n');
        Assert.Equal(answers[0], answers[1]);
        Assert.Contains("is there already", ran.Error, StringComparison.Ordinal);
        Assert.Equal(3, ran.Code);                                    // through a pipe a mistake ends it
        var on = Talk(TestModels.Stories, $"/load {folder["c.json"]}\nAnd\n", "--temperature", "0", "-n", "6");
        Assert.Equal(answers[2], on.Out.Trim('\n'));                  // as if it had not been interrupted
        Assert.Contains("Once upon a time", File.ReadAllText(folder["c.md"]), StringComparison.Ordinal);
        File.WriteAllText(folder["bad.json"], "{\"messages\": 3}");
        Loaded(7, "bad.json holds no conversation: messages is 3; an array was expected");
        File.WriteAllText(folder["bad.json"], "{\"messages\": [{\"role\": \"user\"}]}");
        Loaded(7, "bad.json holds no conversation: messages[0].content is missing; a text was expected");
        File.WriteAllText(folder["bad.json"], "{\"messages\":\n");
        Loaded(7, "bad.json holds no conversation: line 2, column 1, in 'messages': the text ends here; a value was expected");

        void Loaded(int code, string says)
        {
            var bad = Talk(TestModels.Stories, $"/load {folder["bad.json"]}\n");
            Assert.Equal(code, bad.Code);
            bad.Warns(says);
        }
    }

    [Fact]
    public void AFullContextIsAnErrorThatSaysWhatToDo()
    {
        const string said = "Once upon a time there was a little girl\nShe went to the park and she played with her friends\n";
        var ran = Talk(TestModels.Stories, said, "--ctx", "24", "-n", "8", "--temperature", "0");
        Assert.Equal(1, ran.Code);
        Assert.Equal(1, ran.Out.Count(c => c == '\n'));
        Assert.Contains("Nothing was dropped", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAModelItSaysWhichThereAre()
    {
        using var folder = new TempFolder();
        File.Copy(TestModels.Gguf, folder["here.gguf"]);
        var ran = new Caller { Folder = folder.Path }.Run("chat");
        Assert.Equal(3, ran.Code);
        Assert.Contains("here.gguf", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ATemplateTellsTurns()
    {
        var ran = Talk(TestModels.Chat, "What is the capital of France?\n", "--temperature", "0", "-n", "16", "--precision", "exact");
        Assert.Equal((0, "The capital of France is Paris.\n", ""), (ran.Code, ran.Out, ran.Error));
    }
}
