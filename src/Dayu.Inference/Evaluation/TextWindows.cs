using Dayu.Hub;

namespace Dayu.Inference;

/// <summary>A piece of a text that a model reads in one pass, within a window.</summary>
/// <param name="Window">Tokens of the window that begins here; 0: the last one goes on.</param>
/// <param name="At">The piece's first token.</param>
/// <param name="Count">Its tokens.</param>
/// <param name="Skip">How many of them, the first ones, are there to be seen only: what follows them was predicted in
/// an earlier window.</param>
readonly record struct TextPart(int Window, int At, int Count, int Skip)
{
    /// <summary>The rows of the piece that predict.</summary>
    public int[] Rows => [.. Enumerable.Range(Skip, Count - Skip)];
}

/// <summary>
/// How a text is read whole by a model that sees a window: windows overlap by half, and each token is predicted once,
/// from at least half a window before it (but for the beginning of the text). A text that fits a window is one window.
/// </summary>
static class TextWindows
{
    const int Chunk = 128;                                           // rows of logits at once: [128, V] is 25 MB for 50,000 tokens

    /// <summary>Tokens between the beginnings of two windows.</summary>
    public static int Stride(int window) => Math.Max(1, window / 2);

    /// <summary>The pieces of a text of so many tokens, in their order.</summary>
    public static IEnumerable<TextPart> Of(int tokens, int window)
    {
        for (int begin = 0, scored = 1; scored < tokens; begin += Stride(window))
        {
            var end = Math.Min(begin + window, tokens);
            for (var at = begin; at < end - 1; at += Chunk)          // the last token predicts nothing
            {
                var count = Math.Min(Chunk, end - 1 - at);
                yield return new(at == begin ? end - begin : 0, at, count, Math.Clamp(scored - at - 1, 0, count));
            }
            scored = end;
        }
    }

    /// <summary>The tokens of a text that is to be predicted; what would be control tokens is plain text.</summary>
    /// <param name="by">Whose tokenizer cuts it, and says what a text begins with.</param>
    /// <param name="text">The text.</param>
    /// <param name="limit">Predicts at most so many tokens; null: all.</param>
    /// <exception cref="InvalidDataException">The text has not two tokens.</exception>
    /// <exception cref="TokenOutOfModelException">It has a token that the model does not.</exception>
    public static int[] Ids(Predictor by, string text, int? limit)
    {
        var tokenizer = by.Tokenizer;
        var ids = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
        if (tokenizer.Special is { AddBos: true, Bos: { } bos }) ids.Insert(0, bos);
        if (limit is { } most && ids.Count > most + 1) ids.RemoveRange(most + 1, ids.Count - most - 1);
        TokenOutOfModelException.ThrowIfAny(tokenizer, ids, by.Model.Vocabulary);
        return ids.Count >= 2 ? [.. ids]
            : throw new InvalidDataException($"the text is {ids.Count} tokens; at least 2 are needed, one to predict the other from");
    }
}
