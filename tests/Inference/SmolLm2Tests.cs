using System.Text.Json;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Templates;
using Dayu.Tensors;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>A real chat model against its exact answers (float32 on the dequantised weights) and llama.cpp's.</summary>
public sealed class SmolLm2Tests(ITestOutputHelper output)
{
    static string ModelPath => Fixtures.SharedOrSkip("models", "smollm2-135m-instruct.Q4_1.gguf");

    static JsonElement Golden => JsonDocument.Parse(File.ReadAllBytes(Fixtures.SharedOrSkip("models", "smollm2.golden.json"))).RootElement;

    public static TheoryData<string> RealBackends() => [.. Backends.Real];

    [Theory]
    [MemberData(nameof(RealBackends))]
    public void TheBestTokenIsTheExactOne(string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Pretrained.Open(ModelPath, on.Backend);
        using var arena = new Arena(on.Backend);
        var (exact, differ, of, widest) = (Backends.IsExact(backend), 0, 0, 0.0);
        foreach (var prompt in Golden.GetProperty("prompts").EnumerateArray())
        {
            int[] ids = Ints(prompt, "prompt_ids"), answer = Ints(prompt, "exact_ids");
            var gaps = prompt.GetProperty("exact_gap").Deserialize<double[]>()!;
            int[] all = [.. ids, .. answer[..^1]];
            var pass = new Pass(arena, all) { SelectedRows = [.. Enumerable.Range(ids.Length - 1, answer.Length)] };
            var logits = model.CausalLm.Forward(pass).ToArray();
            for (var i = 0; i < answer.Length; i++, of++)
            {
                var best = Sampler.Best(logits.AsSpan(i * model.CausalLm.Vocabulary, model.CausalLm.Vocabulary));
                if (best == answer[i]) continue;
                (differ, widest) = (differ + 1, Math.Max(widest, gaps[i]));
                var step = $"step {i} of {prompt.GetProperty("rendered")}";
                Assert.True(gaps[i] <= (exact ? 0.01 : 0.3), $"{step}: the best token is {best}, exactly {answer[i]}, by {gaps[i]}");
            }
        }
        output.WriteLine($"{backend}: {differ} of {of} best tokens differ, at gaps up to {widest}");
        Assert.True(exact || differ <= 14, $"{differ} of {of} best tokens differ; llama.cpp's are 12 to 14");
    }

    [Theory]
    [MemberData(nameof(RealBackends))]
    public void ScoredTextIsAsLikelyAsExactly(string backend)
    {
        using var on = Backends.Make(backend);
        using var model = Pretrained.Open(ModelPath, on.Backend);
        using var arena = new Arena(on.Backend);
        var score = Golden.GetProperty("score");
        var ids = Ints(score, "ids");
        var expected = score.GetProperty("mean_nll").GetDouble();
        double sum = 0;
        using var cache = KvCache.ForOne(on.Backend, ids.Length);
        using var sequence = cache.Begin();
        for (var at = 0; at < ids.Length - 1; at += 256)
        {
            var part = ids.AsMemory(at, Math.Min(256, ids.Length - 1 - at));
            var logits = model.CausalLm.Forward(new(arena, cache, (sequence, part)) { SelectedRows = Pass.Every(part.Length) }).ToArray();
            for (var i = 0; i < part.Length; i++)
            {
                var row = logits.AsSpan(i * model.CausalLm.Vocabulary, model.CausalLm.Vocabulary);
                sum += TokenLogProb.LogSumExp(row) - row[ids[at + i + 1]];
            }
        }
        var nll = sum / (ids.Length - 1);
        output.WriteLine($"{backend}: mean negative log-likelihood {nll:F5}, exactly {expected:F5}");
        Assert.InRange(nll, expected - 0.005, expected + 0.005);
    }

    [Fact]
    public void RenderedTextHasTheReferencesIds()
    {
        var tokenizer = TokenizerFiles.Open(ModelPath);
        foreach (var prompt in Golden.GetProperty("prompts").EnumerateArray())
            Assert.Equal(Ints(prompt, "prompt_ids"), tokenizer.Encode(prompt.GetProperty("rendered").GetString()!, addSpecial: false));
    }

    [Fact]
    public void ConversationsAreWrittenAsTheReferenceWritesThem()
    {
        using var cpu = new Dayu.Cpu.CpuBackend(1);
        using var model = Pretrained.Open(ModelPath, cpu);
        foreach (var prompt in Golden.GetProperty("prompts").EnumerateArray())
        {
            if (!prompt.TryGetProperty("messages", out var messages)) continue;
            ChatMessage[] said = [.. messages.EnumerateArray().Select(m => new ChatMessage(Text(m, "role"), Text(m, "content")))];
            var asked = new ChatPrompt(said) { BosToken = "<|im_start|>", EosToken = "<|im_end|>" };
            Assert.Equal(Text(prompt, "rendered"), model.Text.Template!.Render(asked, TimeProvider.System).Text);
            var conversation = new Conversation(model, TimeProvider.System);
            foreach (var message in said) conversation.Messages.Add(message);
            Assert.Equal(Ints(prompt, "prompt_ids"), conversation.Prompt());
        }
    }

    static string Text(JsonElement e, string name) => e.GetProperty(name).GetString()!;

    static int[] Ints(JsonElement e, string name) => e.GetProperty(name).Deserialize<int[]>()!;
}
