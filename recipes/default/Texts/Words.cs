using System.Text.Json;

namespace Dayu.Recipes;

/// <summary>Lists of words (words.json), and sentences that are made of them: {kind} stands for one of a list.</summary>
sealed class Words
{
    readonly Dictionary<string, string[]> lists;

    public Words()
    {
        using var json = JsonDocument.Parse(Resource("words.json"));
        lists = json.RootElement.EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(w => w.GetString()!).ToArray());
    }

    /// <summary>A list.</summary>
    public string[] this[string list] => lists[list];

    /// <summary>A pattern with a word in the place of each name, drawn anew at each.</summary>
    public string Fill(string pattern, Random random)
    {
        while (pattern.IndexOf('{') is >= 0 and var at)
        {
            var end = pattern.IndexOf('}', at);
            var list = lists[pattern[(at + 1)..end]];
            pattern = pattern[..at] + list[random.Next(list.Length)] + pattern[(end + 1)..];
        }
        return pattern.Replace(" a a", " an a", StringComparison.Ordinal).Replace(" a e", " an e", StringComparison.Ordinal)
            .Replace(" a i", " an i", StringComparison.Ordinal).Replace(" a o", " an o", StringComparison.Ordinal);
    }

    /// <summary>A file that lies in the program.</summary>
    public static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(Words).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
