namespace Dayu.Templates;

/// <summary>Python's ways of looking for one string in another.</summary>
static class TextSearch
{
    /// <summary>
    /// The part of a text that optional start and end arguments (slots 1 and 2) leave, and where it begins; null when
    /// start lies beyond the end.
    /// </summary>
    static (string Text, int Start)? Window(Slots a, string text)
    {
        if (a.Given(1) is null && a.Given(2) is null)
            return (text, 0);
        int length = Runes.Length(text);
        int start = a.Given(1) is { } s ? Number.Index(s) : 0, end = a.Given(2) is { } e ? Number.Index(e) : length;
        start = start < 0 ? Math.Max(0, start + length) : start;
        end = Math.Min(length, end < 0 ? Math.Max(0, end + length) : end);
        a.Run.Charge(text.Length);
        return start > end ? null : (text[Runes.Offset(text, start)..Runes.Offset(text, end)], start);
    }

    /// <summary>
    /// Whether the text begins or ends, as <paramref name="test"/> says, with slot 0, or with one of several in a
    /// tuple.
    /// </summary>
    public static Value Affix(Slots a, string text, Func<string, string, bool> test)
    {
        if (Window(a, text) is not { } window)
            return false;
        if (a[0] is not SequenceValue { Kind: SequenceKind.Tuple } choices)
            return test(window.Text, a.Sought(0));
        return choices.List.Any(choice => choice is TextValue t
            ? test(window.Text, t.Text)
            : throw new TemplateException($"expected strings, found {choice.Type}"));
    }

    /// <summary>Where slot 0 stands in the text, counted in code points; -1 where it does not.</summary>
    public static int Find(Slots a, string text, bool fromRight)
    {
        if (Window(a, text) is not { } window)
            return -1;
        string part = a.Sought(0);
        a.Run.Search(window.Text, part);
        int i = fromRight
            ? window.Text.LastIndexOf(part, StringComparison.Ordinal)
            : window.Text.IndexOf(part, StringComparison.Ordinal);
        return i < 0 ? -1 : Runes.Length(window.Text[..i]) + window.Start;
    }

    public static Value Index(Slots a, string text, bool fromRight) =>
        Find(a, text, fromRight) is var i and >= 0 ? i : throw new TemplateException("substring not found");

    public static Value Count(Slots a, string text)
    {
        if (Window(a, text) is not { } window)
            return 0;
        string part = a.Sought(0);
        a.Run.Search(window.Text, part);
        if (part.Length == 0)
            return Runes.Length(window.Text) + 1;
        int count = 0;
        for (int i = Next(0); i >= 0; i = Next(i + part.Length))
            count++;
        return count;

        int Next(int from) => window.Text.IndexOf(part, from, StringComparison.Ordinal);
    }
}
