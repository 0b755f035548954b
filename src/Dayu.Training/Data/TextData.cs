using Dayu.Text;

namespace Dayu.Training;

/// <summary>Texts as token ids: what is learnt, and what is held out.</summary>
/// <param name="Training">Those that are learnt from.</param>
/// <param name="Validation">Those of the end of each text.</param>
public sealed record TextData(int[] Training, int[] Validation)
{
    /// <summary>Tokenises texts, each split by characters before it is.</summary>
    /// <param name="texts">Whole texts.</param>
    /// <param name="tokenizer">Text to ids.</param>
    /// <param name="share">What is held out of each, 0 … below 1.</param>
    public static TextData Of(IEnumerable<string> texts, Tokenizer tokenizer, double share)
    {
        var (learnt, held) = (new List<int>(), new List<int>());
        foreach (var text in texts)
        {
            var split = (int)(text.Length * (1 - share));
            if (split > 0 && split < text.Length && char.IsLowSurrogate(text[split])) split++;
            learnt.AddRange(tokenizer.Encode(text[..split], addSpecial: false));
            held.AddRange(tokenizer.Encode(text[split..], addSpecial: false));
        }
        return new([.. learnt], [.. held]);
    }

    /// <summary>The held-out text in windows that follow one another, each target once.</summary>
    /// <param name="window">Tokens of a sequence.</param>
    /// <param name="batch">Sequences of a pass.</param>
    /// <param name="tokens">Targets at most; null: all.</param>
    public IEnumerable<Batch> Held(int window, int batch, int? tokens = null)
    {
        var count = Math.Min(Validation.Length - 1, tokens ?? int.MaxValue);
        for (var at = 0; at < count; at += window * batch)
        {
            var end = Math.Min(at + window * batch, count);
            int[] starts = [.. Enumerable.Range(0, (end - at + window - 1) / window).Select(i => i * window), end - at];
            yield return new(Validation[at..end], starts, Validation[(at + 1)..(end + 1)]);
        }
    }
}
