using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace Dayu.Training;

/// <summary>What a person reads of a page: its main part, a line for each block, an empty one between paragraphs.</summary>
sealed class HtmlBody
{
    static readonly HashSet<string> passedOver =
    [
        "script", "style", "noscript", "template", "nav", "aside", "footer", "form", "button", "select", "svg", "canvas",
        "iframe", "object", "dialog", "head",
    ];

    static readonly HashSet<string> roles = ["navigation", "banner", "contentinfo", "search", "complementary"];

    static readonly HashSet<string> paragraphs =
        ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "pre", "table", "figure", "hr", "article", "section"];

    static readonly HashSet<string> blocks = ["div", "li", "dt", "dd", "tr", "main", "header", "figcaption", "address", "details",
        "summary"];

    readonly StringBuilder text = new();
    int breaks;                                                      // ends of lines that are due before the next word
    int preformatted;                                                // how many pre elements are open
    bool space;                                                      // one is due before the next word

    /// <summary>The text of a page's only main part; without one of its only article; else of all of it.</summary>
    public static string TextOf(IHtmlDocument page)
    {
        var body = new HtmlBody();
        if ((Only(page, "main, [role=main]") ?? Only(page, "article") ?? page.Body) is { } root) body.Walk(root);
        return body.text.ToString().Trim();
    }

    static IElement? Only(IHtmlDocument page, string selector) => page.QuerySelectorAll(selector) is { Length: 1 } found ? found[0] : null;

    /// <summary>In the order of the page and without recursion: a page may nest as deep as it likes.</summary>
    void Walk(INode root)
    {
        for (INode? node = root; node is not null;)
        {
            var enters = Enter(node);
            if (enters && node.FirstChild is { } child)
            {
                node = child;
                continue;
            }
            if (enters) Leave(node);
            while (node != root && node!.NextSibling is null)
            {
                node = node.Parent;
                Leave(node!);
            }
            node = node == root ? null : node!.NextSibling;
        }
    }

    /// <summary>Whether what is inside is read.</summary>
    bool Enter(INode node)
    {
        if (node is IText words) Append(words.Data);
        if (node is not IElement element) return false;
        var name = element.LocalName;
        if (passedOver.Contains(name) || element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true"
            || roles.Contains(element.GetAttribute("role") ?? "") || name == "header" && element.Parent is IHtmlBodyElement) return false;
        if (name == "pre") preformatted++;
        Break(name);
        return true;
    }

    void Leave(INode node)
    {
        if (node is not IElement element) return;
        if (element.LocalName == "pre") preformatted--;
        if (element.LocalName != "br") Break(element.LocalName);
    }

    void Break(string name)
    {
        if (paragraphs.Contains(name)) breaks = Math.Max(breaks, 2);
        else if (blocks.Contains(name)) breaks = Math.Max(breaks, 1);
        else if (name is "td" or "th") space = true;
        else if (name == "br") breaks = Math.Min(breaks + 1, 2);
    }

    void Append(string words)
    {
        foreach (var c in words)
        {
            if (preformatted == 0 && (c is ' ' or '\t' or '\n' or '\r' or '\f')) space = true;
            else Put(c);
        }
    }

    void Put(char c)
    {
        if (breaks > 0 && text.Length > 0) text.Append('\n', breaks);
        else if (space && text.Length > 0 && text[^1] != '\n') text.Append(' ');
        (breaks, space) = (0, false);
        text.Append(c);
    }
}
