using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Hub;

/// <summary>Text to the ids that a model is to go on from.</summary>
public static class Prompts
{
    /// <summary>
    /// The ids of a prompt: the beginning of a text where the tokenizer asks for one, never twice; never an end, since
    /// the answer follows.
    /// </summary>
    /// <param name="tokenizer">Text to ids.</param>
    /// <param name="text">The prompt.</param>
    /// <param name="parseSpecial">Whether the text of a control token means that token.</param>
    public static List<int> Encode(Tokenizer tokenizer, string text, bool parseSpecial) =>
        Encode(tokenizer, text, parseSpecial ? ControlSpans.All : ControlSpans.None);

    /// <summary>
    /// The ids of a rendered conversation. Only what the template wrote becomes control tokens; what was said is
    /// ordinary text, whatever it looks like.
    /// </summary>
    /// <param name="tokenizer">Text to ids.</param>
    /// <param name="prompt">The conversation.</param>
    /// <param name="characters">Only so many of its first characters; null: all.</param>
    public static List<int> Encode(Tokenizer tokenizer, RenderedPrompt prompt, int? characters = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        var text = characters is { } first ? prompt.Text[..first] : prompt.Text;
        var spans = new List<(int, int)>();
        var at = 0;
        foreach (var run in prompt.Runs)
        {
            if (run.Author == Author.Template && at < text.Length) spans.Add((at, Math.Min(text.Length, at + run.Text.Length)));
            at += run.Text.Length;
        }
        return Encode(tokenizer, text, ControlSpans.Of(spans));
    }

    static List<int> Encode(Tokenizer tokenizer, string text, ControlSpans control)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var ids = tokenizer.Encode(text, control, addSpecial: false);
        if (tokenizer.Special is { AddBos: true, Bos: { } bos } && (ids.Count == 0 || ids[0] != bos)) ids.Insert(0, bos);
        return ids;
    }

    /// <summary>A prompt cut to so many ids, its beginning-of-text token kept.</summary>
    /// <param name="tokenizer">Knows which token that is.</param>
    /// <param name="ids">The prompt.</param>
    /// <param name="room">Ids that may stay.</param>
    /// <param name="dropHead">Cuts at the beginning; else at the end.</param>
    public static List<int> Cut(Tokenizer tokenizer, List<int> ids, int room, bool dropHead)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(room, 1);
        if (ids.Count <= room) return ids;
        if (!dropHead) return ids[..room];
        return ids[0] == tokenizer.Special.Bos && room > 1 ? [ids[0], .. ids[^(room - 1)..]] : ids[^room..];
    }
}
