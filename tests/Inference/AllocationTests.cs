using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>What a token of an answer allocates on the managed heap.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    const int Warm = 8, Tokens = 32, Most = 3 * 1024, MostWithLogProbs = 6 * 1024;

    public static TheoryData<string, int> Cases() => new()
    {
        { "greedy", Most }, { "sampled", Most }, { "typical", Most }, { "log-probabilities", MostWithLogProbs },
    };

    static GenerationSettings Settings(string name) => new()
    {
        MaxTokens = Warm + Tokens,
        LogProbs = name == "log-probabilities" ? 5 : null,
        Sampler = name switch
        {
            "sampled" => new() { Temperature = 0.8f, Seed = 1, RepetitionPenalty = 1.1f },
            "typical" => new() { Temperature = 0.8f, Seed = 1, Typical = 0.9f, MinP = 0.01f },
            _ => SamplerSettings.Greedy,
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public void OfARandomModel(string name, int most)
    {
        using var folder = new QuantizeModel(context: 256);
        Check(folder.Path, name, most);
    }

    [Theory, MemberData(nameof(Cases))]
    public void OfARealModel(string name, int most) => Check(TestModels.Chat, name, most);

    void Check(string path, string name, int most)
    {
        using var on = new CpuBackend(2);
        using var model = Pretrained.Open(path, on);
        using var session = new Session(model, context: 256);
        int[] prompt = [.. model.Tokenizer.Encode("Once upon a time there was a little girl who", addSpecial: false)];
        var (count, before) = (0, 0L);
        foreach (var piece in session.Answer(prompt, Settings(name)))
            if ((count += piece.Ids.Length) == Warm) before = GC.GetAllocatedBytesForCurrentThread();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Math.Max(1, count - Warm);
        output.WriteLine($"{name}: {each} bytes a token, over {count - Warm} tokens");
        Assert.InRange(count - Warm, 4, Tokens);
        Assert.InRange(each, 0, most);
    }
}
