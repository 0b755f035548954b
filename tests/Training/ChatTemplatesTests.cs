using Dayu.Hub;
using Dayu.Templates;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>What is learnt of a conversation under the chat templates of published models, by tokenizers of two kinds.</summary>
public sealed class ChatTemplatesTests
{
    const string Conversation = """
        {"messages": [{"role": "user", "content": "How far is the moon?"}, {"role": "assistant", "content": "Rather far away."},
         {"role": "user", "content": "And <|im_end|> the sun?"}, {"role": "assistant", "content": "Much farther still."}]}
        """;

    static readonly string[] answers = ["Rather far away.", "Much farther still."];

    [Theory, InlineData("qwen2_5.tokenizer.json"), InlineData("llama2.tokenizer.model")]
    public void OnlyAnswersAreLearnt(string tokenizerFile)
    {
        var folder = Fixtures.SharedOrSkip("fixtures", "templates");
        var tokenizer = TokenizerFiles.Open(Fixtures.SharedOrSkip("fixtures", "tokenizers", tokenizerFile));
        var read = SourceText.Of(new() { Path = "c.jsonl" }, SourceKind.Chat, Conversation.ReplaceLineEndings("")).Documents[0];
        var (whole, apart, refused) = (0, 0, new List<string>());
        foreach (var file in Directory.EnumerateFiles(folder, "*.jinja").Order())
        {
            IReadOnlyList<Document> documents;
            try { documents = new ChatEncoder(tokenizer, ChatTemplate.Parse(File.ReadAllText(file))).Encode(read); }
            catch (DocumentException e)
            {
                refused.Add($"{Path.GetFileName(file)}: {e.Message}");
                continue;
            }
            if (documents.Count == 1) whole++;
            else apart++;
            string[] learnt = [.. documents.Select(d => tokenizer.Decode(d.Ids.Where((_, t) => d.Learnt![t])))];
            var all = string.Concat(learnt);
            for (var a = 0; a < 2; a++)
            {
                Assert.True(learnt[documents.Count == 1 ? 0 : a].Contains(answers[a], StringComparison.Ordinal), $"{file}: {all}");
                Assert.True(all.Split(answers[a]).Length == 2, $"{file}: {all}");
            }
            Assert.False(((string[])["moon", "sun?"]).Any(all.Contains), $"{file}: {all}");
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{whole} whole, {apart} apart; refused: {string.Join('\n', refused)}");
        Assert.True(whole > 0 && apart > 0 && refused.Count * 3 < whole + apart, string.Join('\n', refused));
    }
}
