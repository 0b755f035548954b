namespace Dayu.Inference;

/// <summary>
/// Divides an answer into what the model thought, between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> at its beginning, and what it
/// says. A mark may be spread over several tokens; one in the middle of what is said is text like any other. Spaces around the marks
/// belong to neither.
/// </summary>
/// <param name="begun">Whether the prompt ends inside of the thought: its template has written the first mark.</param>
public sealed class ReasoningSplitter(bool begun = false)
{
    const string Open = "<think>", Close = "</think>";
    const int MostHeld = 64;                                         // spaces that an answer may begin with

    string held = "";
    bool entered = begun, isOver, reasoningBegan, contentBegan;

    /// <summary>Whether a prompt ends inside of a thought.</summary>
    /// <param name="prompt">Its text.</param>
    public static bool Begins(string prompt) => prompt.TrimEnd().EndsWith(Open, StringComparison.Ordinal);

    /// <summary>It may still become either.</summary>
    public bool IsUndecided => !entered && !isOver;

    /// <summary>Whether what was pushed last is a part of the thought, its marks and the spaces around them.</summary>
    public bool IsReasoning { get; private set; }

    /// <summary>Takes more text and gives what is known of it.</summary>
    public (string Reasoning, string Content) Push(string text)
    {
        var (wasOver, thought) = (isOver, "");
        if (!isOver)
        {
            held += text;
            text = "";
            if (!entered) Decide();
            if (isOver) (text, held) = (held, "");
            else if (entered) (thought, text) = Think();
        }
        var content = Said(text);
        IsReasoning = entered && (!wasOver || !contentBegan);
        return (thought, content);
    }

    /// <summary>What was held back until it was clear what it is.</summary>
    public (string Reasoning, string Content) Flush()
    {
        var rest = held;
        held = "";
        return entered && !isOver ? (rest, "") : ("", rest);
    }

    void Decide()
    {
        var start = held.TrimStart();
        if (start.StartsWith(Open, StringComparison.Ordinal)) (entered, held) = (true, start[Open.Length..]);
        else isOver = !Open.StartsWith(start, StringComparison.Ordinal) || held.Length > MostHeld;
    }

    (string Thought, string After) Think()
    {
        if (!reasoningBegan) held = held.TrimStart();
        reasoningBegan |= held.Length > 0;
        var end = held.IndexOf(Close, StringComparison.Ordinal);
        if (end >= 0)
        {
            var (thought, rest) = (held[..end].TrimEnd(), held[(end + Close.Length)..]);
            (isOver, held) = (true, "");
            return (thought, rest);
        }
        var whole = held[..^Overlap(held)].TrimEnd().Length;         // spaces are given out with what follows them
        var known = held[..whole];
        held = held[whole..];
        return (known, "");
    }

    string Said(string text)
    {
        if (entered && !contentBegan) text = text.TrimStart();
        contentBegan |= text.Length > 0;
        return text;
    }

    /// <summary>The longest end of a text that begins the last mark.</summary>
    static int Overlap(string text)
    {
        for (var n = Math.Min(text.Length, Close.Length - 1); n > 0; n--)
            if (text.AsSpan(text.Length - n).SequenceEqual(Close.AsSpan(0, n))) return n;
        return 0;
    }
}
