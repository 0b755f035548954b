using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dayu.Recipes;

/// <summary>Sampled stories: as texts, and as answers to those who ask for a story about something or bring a first line.</summary>
sealed partial class StoryTurns(HeldPrompts held, Words words, int seed)
{
    static readonly string[] About =
    [
        "Tell me a story about {0}.", "Write a short story about {0}.", "Tell me a bedtime story about {0}.",
        "Can you tell a story about {0}?",
        "A story about {0}, please.", "Please write a story about {0}.", "I would like to hear a story about {0}.",
    ];
    static readonly string[] GoOn =
        ["Continue this story: {0}", "Go on with this story: {0}", "Finish this story: {0}",
         "How does this story go on? {0}", "Continue: {0}"];
    static readonly string[] Any =
        ["Tell me a story.", "Tell me a short story.", "Can you tell me a story?",
         "A bedtime story, please.", "Write a story."];

    readonly Random random = new(seed);
    readonly HashSet<string> seen = [];
    readonly HashSet<string> subjects = [.. words["animals"], .. words["people"], .. words["things"]];

    /// <summary>Whole stories that are fit to be learnt.</summary>
    public IEnumerable<string> Texts(IEnumerable<JsonObject> sampled)
    {
        foreach (var line in sampled)
        {
            var story = Tidy(line.Text("prompt") + line.Text("text"));
            var isFit = story.Length is > 200 and < 1800 && Ends().IsMatch(story) && !held.AreIn(story);
            if (isFit && seen.Add(story[..120])) yield return story;
        }
    }

    /// <summary>A question that a story answers, and the answer.</summary>
    public JsonObject Turn(string story)
    {
        var parts = Sentences.Of(story);
        var about = Subjects(story);
        return random.Next(10) switch
        {
            0 => JsonLines.Turns(One(Any), story),
            < 6 when about.Count > 0 => JsonLines.Turns(string.Format(One(About), string.Join(" and ", about.Select(Article))), story),
            _ => JsonLines.Turns(string.Format(One(GoOn), parts[0]), story[parts[0].Length..].Trim()),
        };
    }

    /// <summary>The one or two things that a story speaks of most.</summary>
    List<string> Subjects(string story)
    {
        var counts = Word().Matches(story).Select(m => m.Value.ToLowerInvariant()).Where(subjects.Contains).CountBy(w => w)
            .Where(p => p.Value >= 3).OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal);
        return [.. counts.Take(random.Next(3) == 0 ? 1 : 2).Select(p => p.Key)];
    }

    static string Article(string noun) => ("aeiou".Contains(noun[0]) ? "an " : "a ") + noun;

    static string Tidy(string story) => Spaces().Replace(story.Replace("\n", "\n\n"), m => m.Value.Contains('\n') ? "\n\n" : " ").Trim();

    string One(string[] all) => all[random.Next(all.Length)];

    [GeneratedRegex(@"[.!?]""?$")]
    private static partial Regex Ends();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}
