using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>A recurrent model answers as any other; of what was read it can only go on from the whole.</summary>
public sealed class RecurrentGenerationTests : IDisposable
{
    static readonly GenerationSettings greedy = new() { Sampler = SamplerSettings.Greedy, MaxTokens = 9 };
    static readonly int[] prompt = [.. Enumerable.Range(0, 300).Select(i => i * 31 % 200 + 3)];    // more than one pass reads

    readonly CpuBackend on = new(2);
    readonly TempFolder folder = new();
    readonly Pretrained model;

    public RecurrentGenerationTests()
    {
        var config = JsonNode.Parse("""
            { "model_type": "lstm", "vocab_size": 660, "embedding_size": 24, "hidden_size": 40, "num_layers": 2 }
            """)!.AsObject();
        using (var made = LoadedModel.Create(config, on, seed: 3, train: false, gain: 4)) made.Save(folder["lstm"]);
        var tokenizer = JsonNode.Parse(File.ReadAllText(Path.Combine(Fixtures.Repo, "tests", "fixtures", "tokenizers", "smollm.json")))!;
        File.WriteAllText(Path.Combine(folder["lstm"], "tokenizer.json"), tokenizer["tokenizer"]!.ToJsonString());
        model = Pretrained.Open(folder["lstm"], on);
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
        on.Dispose();
    }

    /// <summary>The likeliest tokens, the whole text read anew for each.</summary>
    int[] ReadAnew(int[] text)
    {
        using var arena = new Arena(on);
        List<int> all = [.. text];
        for (var i = 0; i < greedy.MaxTokens; i++)
        {
            arena.Reset();
            var logits = model.CausalLm.Forward(new(arena, [.. all])).ToArray();
            all.Add(Array.IndexOf(logits, logits.Max()));
        }
        return [.. all.Skip(text.Length)];
    }

    static int[] Answer(Session session, int[] text) => [.. session.Answer(text, greedy).SelectMany(p => p.Ids)];

    [Fact]
    public void ASessionGoesOnFromTheWholeOrBeginsAnew()
    {
        using var session = new Session(model);
        var answer = Answer(session, prompt);
        Assert.Equal(ReadAnew(prompt), answer);
        int[] longer = [.. prompt, .. answer, 7, 8, 9], other = [.. prompt[..100], 5, 6];
        Assert.Equal(ReadAnew(longer), Answer(session, longer));
        Assert.Equal(prompt.Length + answer.Length - 1, session.Outcome!.CachedTokens);
        Assert.Equal(ReadAnew(other), Answer(session, other));         // begins as what is held, and ends earlier
        Assert.Equal(0, session.Outcome.CachedTokens);
    }

    [Fact]
    public void SeveralAnswersAtATimeAreThoseOfEach()
    {
        using var answers = new LockStep(model, together: 2);
        int[][] prompts = [prompt, [.. prompt, 4], prompt[..50], [9]];
        var found = prompts.Select(_ => new List<int>()).ToArray();
        foreach (var piece in answers.Answer([.. prompts.Select(p => new AnswerRequest(p, greedy))]))
            found[piece.Index].AddRange(piece.Piece.Ids);
        Assert.Equal(prompts.Select(ReadAnew), found.Select(f => f.ToArray()));
    }

    [Fact]
    public void ItHasNoAttentionToExplain() =>
        Throws.Saying<NotSupportedException>("lstm models have no attention", () => new Inspector(model).Attention([1, 2]));
}
