using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>A piece of a conversation as a model reads it.</summary>
/// <param name="Text">What stands there, control tokens included.</param>
/// <param name="Tokens">How many tokens.</param>
/// <param name="IsLearnt">Whether they are learnt; else they are only read.</param>
public sealed record LearntPiece(string Text, int Tokens, bool IsLearnt);

/// <summary>What is learnt of a conversation, for people who want to see it before they train.</summary>
public static class LearntTokens
{
    /// <summary>A line of a chat file in pieces, as training reads it.</summary>
    /// <param name="tokenizer">Text to ids.</param>
    /// <param name="template">How a conversation is written.</param>
    /// <param name="line"><c>{"messages": […]}</c>, perhaps with <c>tools</c>.</param>
    /// <returns>One sequence, or one for each answer where the template writes earlier turns otherwise than the last.</returns>
    /// <exception cref="InvalidDataException">It is no conversation, or one that the template refuses; the message says why.</exception>
    public static IReadOnlyList<IReadOnlyList<LearntPiece>> Of(Tokenizer tokenizer, ChatTemplate template, string line)
    {
        var read = SourceText.Of(new() { Path = "line.jsonl" }, SourceKind.Chat, line.ReplaceLineEndings(" "));
        if (read.Skipped is [var wrong, ..]) throw new InvalidDataException(wrong.Reason);
        if (read.Documents is not [var document]) throw new InvalidDataException("it is empty; expected {\"messages\": […]}");
        try { return [.. new ChatEncoder(tokenizer, template).Encode(document).Select(d => Pieces(tokenizer, d))]; }
        catch (DocumentException e) { throw new InvalidDataException(e.Message, e); }
    }

    static List<LearntPiece> Pieces(Tokenizer tokenizer, Document document)
    {
        var (pieces, ids, learnt) = (new List<LearntPiece>(), document.Ids, document.Learnt!);
        for (int at = 0, end; at < ids.Length; at = end)
        {
            for (end = at + 1; end < ids.Length && learnt[end] == learnt[at];) end++;
            pieces.Add(new(tokenizer.Decode(ids[at..end]), end - at, learnt[at]));
        }
        return pieces;
    }
}
