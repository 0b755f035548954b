namespace Dayu.Recipes;

/// <summary>English text in sentences.</summary>
static class Sentences
{
    /// <summary>Those of a text; what is said in quotation marks stays whole.</summary>
    public static List<string> Of(string text)
    {
        List<string> all = [];
        var (begin, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"') quoted = !quoted;
            var ends = text[i] == '\n' || !quoted && (IsEnd(text[i]) || text[i] == '"' && i > 0 && IsEnd(text[i - 1]))
                && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1]));
            if (!ends) continue;
            Add(i + 1);
            begin = i + 1;
            if (text[i] == '\n') quoted = false;
        }
        Add(text.Length);
        return all;

        void Add(int end)
        {
            var one = text[begin..end].Trim();
            if (one.Length > 1) all.Add(one);
        }
    }

    static bool IsEnd(char c) => c is '.' or '!' or '?';
}
