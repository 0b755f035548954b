using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>The C# of the READMEs, compiled and run; the READMEs show it line for line.</summary>
public sealed class Snippets
{
    [Fact]
    public void AnswersAPrompt()
    {
        var path = Fixtures.SharedOrSkip("models", "smollm2-135m-instruct.Q4_1.gguf");
        using var written = new StringWriter();
        Answer(path, written);
        Assert.NotEmpty(written.ToString());
    }

    static void Answer(string path, TextWriter output)
    {
        using var cpu = new CpuBackend();
        using var model = Pretrained.Open(path, cpu);                // a GGUF file or a Hugging Face folder
        using var session = new Session(model);                      // keeps what it has read: the next prompt may go on from it
        var prompt = model.Tokenizer.Encode("The capital of France is");
        foreach (var piece in session.Answer(prompt, new() { MaxTokens = 20 })) output.Write(piece.Text);
    }
}
