using System.Text;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>A text that a model wrote.</summary>
/// <param name="Index">Its number among all, from 0.</param>
/// <param name="Prompt">Which prompt it answers.</param>
/// <param name="Text">The answer.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Reason">Why it ended.</param>
public sealed record SampledText(long Index, int Prompt, string Text, int Tokens, FinishReason Reason);

/// <summary>
/// Many texts of a model: each prompt in turn, again and again. A text depends on the seed, its prompt's number and how often that was
/// answered before it, and on nothing that is computed beside it.
/// </summary>
/// <param name="prompts">Token ids of each.</param>
/// <param name="settings">What is wanted of every text; its seed is not looked at.</param>
/// <param name="seed">Same seed, same texts.</param>
public sealed class SampledTexts(IReadOnlyList<IReadOnlyList<int>> prompts, GenerationSettings settings, ulong seed)
{
    /// <summary>The prompt that a text answers.</summary>
    /// <param name="index">The text's number, from 0.</param>
    public int PromptOf(long index) => (int)(index % prompts.Count);

    /// <summary>The seed of a text's sampler, below 2⁵³: JSON readers keep it.</summary>
    /// <param name="index">The text's number, from 0.</param>
    public ulong SeedOf(long index) =>
        CounterRng.Mix(CounterRng.Mix(seed, (ulong)PromptOf(index)), (ulong)(index / prompts.Count)) >> 11;

    /// <summary>Writes texts, in order.</summary>
    /// <param name="by">Who answers together.</param>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="tokens">Told of every token that is written.</param>
    /// <param name="cancel">Ends it: texts that are not whole then do not come.</param>
    public IEnumerable<SampledText> Write(
        LockStep by, long first, int count, Action<int>? tokens = null, CancellationToken cancel = default)
    {
        var requests = new AnswerRequest[count];
        for (var i = 0; i < count; i++)
            requests[i] = new(prompts[PromptOf(first + i)],
                settings with { Sampler = settings.Sampler with { Seed = SeedOf(first + i) } });
        var (begun, ended, next) = (new Dictionary<int, (StringBuilder Text, int Tokens)>(), new Dictionary<int, SampledText>(), 0);
        foreach (var (index, piece, reason) in by.Answer(requests, cancel))
        {
            if (reason == FinishReason.Cancelled) yield break;
            var (text, written) = begun.TryGetValue(index, out var so) ? so : (new StringBuilder(), 0);
            begun[index] = (text.Append(piece.Text), written + piece.Ids.Length);
            tokens?.Invoke(piece.Ids.Length);
            if (reason is not { } why) continue;
            begun.Remove(index);
            ended[index] = new(first + index, PromptOf(first + index), text.ToString(), written + piece.Ids.Length, why);
            for (; ended.Remove(next, out var whole); next++) yield return whole;
        }
    }
}
