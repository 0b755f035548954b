using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Recipes;

/// <summary>Small talk, who Dayu is, and what it cannot do: written by hand (written-en.json, written-zh.json).</summary>
sealed class WrittenTurns(HeldPrompts held, Words words, int seed)
{
    /// <summary>So many from both languages in turn; every question with every answer before any comes again.</summary>
    public IEnumerable<JsonObject> Make(int count)
    {
        var random = new Random(seed);
        List<(string Ask, string Answer)>[] all = [Pairs("written-en.json"), Pairs("written-zh.json")];
        foreach (var pairs in all) random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pairs));
        for (var i = 0; i < count; i++)
        {
            var pairs = all[i % 2];
            var (ask, answer) = pairs[i / 2 % pairs.Count];
            ask = words.Fill(ask, random);
            if (!held.AreIn(ask)) yield return JsonLines.Turns(ask, answer);
        }
    }

    static List<(string, string)> Pairs(string resource)
    {
        using var json = JsonDocument.Parse(Words.Resource(resource));
        return [.. json.RootElement.EnumerateArray().SelectMany(g =>
            from ask in g.GetProperty("asks").EnumerateArray()
            from answer in g.GetProperty("answers").EnumerateArray()
            select (ask.GetString()!, answer.GetString()!))];
    }
}
