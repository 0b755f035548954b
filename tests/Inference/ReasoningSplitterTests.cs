using System.Text;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>What is thought and what is said come to the same, however the text is cut.</summary>
public sealed class ReasoningSplitterTests
{
    public static TheoryData<string, bool, string, string> Texts => new()
    {
        { "Hello", false, "", "Hello" },
        { "  Hello ", false, "", "  Hello " },
        { "<think>a b</think>c", false, "a b", "c" },
        { " \n<think>\na\n\nb\n</think>\n\nc </think> d", false, "a\n\nb", "c </think> d" },
        { "<think></think>c", false, "", "c" },
        { "<think>\n\n</think>\n\n", false, "", "" },
        { "<think>a < b </thin k", false, "a < b </thin k", "" },
        { "a</think>b", true, "a", "b" },
        { "\n a </think>", true, "a", "" },
        { "<thin", false, "", "<thin" },
        { "<thinking>a", false, "", "<thinking>a" },
        { "say <think>a</think>", false, "", "say <think>a</think>" },
        { "", false, "", "" },
    };

    [Theory, MemberData(nameof(Texts))]
    public void CutsChangeNothing(string text, bool begun, string thought, string said)
    {
        var random = new Random(5);
        for (var round = 0; round < 50; round++)
        {
            var (splitter, thoughts, words) = (new ReasoningSplitter(begun), new StringBuilder(), new StringBuilder());
            for (var at = 0; at < text.Length;)
            {
                var count = round == 0 ? text.Length : Math.Min(text.Length - at, random.Next(0, 5));
                Take(splitter.Push(text.Substring(at, count)));
                at += count;
            }
            Take(splitter.Flush());
            Assert.Equal((thought, said), (thoughts.ToString(), words.ToString()));

            void Take((string Thought, string Said) some)
            {
                thoughts.Append(some.Thought);
                words.Append(some.Said);
            }
        }
    }

    /// <summary>What begins with spaces for long is no thought: nothing is held back without bound.</summary>
    [Fact]
    public void SpacesAreNotHeldForEver()
    {
        var splitter = new ReasoningSplitter();
        Assert.Equal("", splitter.Push(new string(' ', 60)).Content);
        Assert.Equal(70, splitter.Push(new string(' ', 10)).Content.Length);
    }

    [Theory]
    [InlineData("<|im_start|>assistant\n<think>\n", true)]
    [InlineData("<|im_start|>assistant\n<think>\n\n</think>\n\n", false)]
    [InlineData("<|im_start|>assistant\n", false)]
    public void PromptMayHaveBegunTheThought(string prompt, bool begins) => Assert.Equal(begins, ReasoningSplitter.Begins(prompt));
}
