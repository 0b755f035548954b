using System.Text;

namespace Dayu.Text;

/// <summary>
/// Where the spans that may hold control tokens lie in normalized text, which has other lengths: noncharacters mark
/// their bounds while the text is normalized. Needed only for tokenizers that look for control tokens in normalized
/// text.
/// </summary>
static class NormalizedSpans
{
    const char FirstMark = '\uFDD0', LastMark = '\uFDEF';               // mean nothing in any text, and no normalizer knows them

    /// <summary>Normalizes a part of a text. Nothing is joined across a bound of a span.</summary>
    /// <param name="normalizer">What to do; null for nothing.</param>
    /// <param name="text">The part.</param>
    /// <param name="offset">Where it begins in the text that <paramref name="control"/> is about.</param>
    /// <param name="control">Where control tokens may be in that text.</param>
    /// <returns>The normalized part, and where control tokens may be in it.</returns>
    public static (string Text, ControlSpans Control) Normalize(
        Normalizer? normalizer, ReadOnlySpan<char> text, int offset, ControlSpans control)
    {
        var bounds = control.Between(offset, offset + text.Length);
        bool open = control.Contain(offset, offset + 1);
        if (bounds.IsEmpty) return (Normalized(text), open ? ControlSpans.All : ControlSpans.None);
        if (Unused(text) is not { } mark) return (Normalized(text), ControlSpans.None);

        var marked = new StringBuilder();
        int done = 0;
        foreach (int bound in bounds)
        {
            marked.Append(text[done..(bound - offset)]).Append(mark);
            done = bound - offset;
        }
        string[] parts = Normalized(marked.Append(text[done..]).ToString()).Split(mark);
        if (parts.Length != bounds.Length + 1) return (Normalized(text), ControlSpans.None);

        var spans = new List<(int, int)>();
        int at = 0;
        foreach (string part in parts)
        {
            if (open) spans.Add((at, at + part.Length));
            (at, open) = (at + part.Length, !open);
        }
        return (string.Concat(parts), ControlSpans.Of(spans));

        string Normalized(ReadOnlySpan<char> part) => (normalizer is null ? part : normalizer.Normalize(part)).ToString();
    }

    /// <summary>A mark that the text does not have; null: it has them all, as no honest text does.</summary>
    static char? Unused(ReadOnlySpan<char> text)
    {
        for (char mark = FirstMark; mark <= LastMark; mark++)
            if (!text.Contains(mark)) return mark;
        return null;
    }
}
