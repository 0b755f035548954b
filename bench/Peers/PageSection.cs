namespace Dayu.Bench;

/// <summary>
/// A part of a page that a program writes: what stands between <c>&lt;!-- name --&gt;</c> and
/// <c>&lt;!-- /name --&gt;</c>.
/// </summary>
internal static class PageSection
{
    /// <summary>Puts a text between the two marks; where they are not, both are put at the page's end.</summary>
    public static void Write(string path, string name, string text)
    {
        string page = File.ReadAllText(path), first = $"<!-- {name} -->", last = $"<!-- /{name} -->";
        int from = page.IndexOf(first, StringComparison.Ordinal), to = page.IndexOf(last, StringComparison.Ordinal);
        var section = $"{first}\n{text.Trim()}\n{last}";
        var changed = from >= 0 && to > from
            ? page[..from] + section + page[(to + last.Length)..]
            : $"{page.TrimEnd()}\n\n{section}\n";
        File.WriteAllText(path, changed);
    }
}
