using Dayu.Text;

namespace Dayu.Inference;

/// <summary>Text to the ids that a model is to go on from.</summary>
public static class Prompts
{
    /// <summary>The ids of a prompt: the beginning of a text where the tokenizer asks for one, never twice; never an end, since the answer follows.</summary>
    /// <param name="tokenizer">Text to ids.</param>
    /// <param name="text">The prompt.</param>
    /// <param name="parseSpecial">Whether the text of a control token means that token.</param>
    public static List<int> Encode(Tokenizer tokenizer, string text, bool parseSpecial)
    {
        var ids = tokenizer.Encode(text, addSpecial: false, parseSpecial);
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
