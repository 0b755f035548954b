using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dayu.Recipes;

/// <summary>Classical poems of four or eight lines of five or seven characters, in simplified characters, and who asks for one.</summary>
sealed partial class Poems(HeldPrompts held, int seed)
{
    static readonly string[] Any =
    [
        "以《{0}》为题写一首诗。", "请写一首诗，题目是《{0}》。", "写一首题为《{0}》的诗。", "请以《{0}》为题作诗。", "写一首诗：《{0}》", "能写一首《{0}》吗？",
    ];
    static readonly string[] Formed = ["以《{0}》为题写一首{1}。", "请写一首{1}，题目是《{0}》。", "写一首题为《{0}》的{1}。"];
    static readonly Dictionary<(int, int), string> Forms = new()
    {
        [(5, 4)] = "五言绝句", [(7, 4)] = "七言绝句", [(5, 8)] = "五言律诗", [(7, 8)] = "七言律诗",
    };

    readonly Simplified simplified = new();
    readonly Random random = new(seed);

    /// <summary>Title, form and lines of those that are regular and all in characters that the map or modern texts know.</summary>
    public IEnumerable<(string Title, string Form, string Text)> Of(IEnumerable<JsonObject> poems, IReadOnlySet<char> known)
    {
        foreach (var poem in poems)
        {
            var (title, text) = (Title(simplified.Of(poem.Text("title"))), simplified.Of(poem.Text("text")));
            string[] lines = [.. text.Split((char[])['，', '。', '！', '？', '；', '\n'], StringSplitOptions.RemoveEmptyEntries)];
            if (lines.Length == 0 || title.Length is < 2 or > 12) continue;
            if (!Forms.TryGetValue((lines[0].Length, lines.Length), out var form)) continue;
            if (lines.Any(l => l.Length != lines[0].Length) || !(title + string.Concat(lines)).All(known.Contains)) continue;
            var verse = string.Join('\n', lines.Chunk(2).Select(p => $"{p[0]}，{p[1]}。"));
            if (!held.AreIn(title + verse)) yield return (title, form, verse);
        }
    }

    /// <summary>Who asks for it, and the poem.</summary>
    public JsonObject Turn((string Title, string Form, string Text) poem) => JsonLines.Turns(random.Next(3) == 0
        ? string.Format(Formed[random.Next(Formed.Length)], poem.Title, poem.Form)
        : string.Format(Any[random.Next(Any.Length)], poem.Title), poem.Text);

    /// <summary>Without "two poems, the first".</summary>
    static string Title(string title) => Number().Replace(title, "").Trim();

    [GeneratedRegex(@"\s*(（.*）|\(.*\)|[一二三四五六七八九十百]+首.*|其[一二三四五六七八九十]+|·.*|・.*)\s*$")]
    private static partial Regex Number();
}
