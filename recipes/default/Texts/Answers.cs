using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dayu.Recipes;

/// <summary>
/// What the teacher of turns answered, and of that what is worth learning: short, whole, on the subject, and not about the teacher. Its
/// instructions are put into words that a person would use.
/// </summary>
sealed partial class Answers(HeldPrompts held, int seed)
{
    static readonly string[] Shorten =
        ["Make this sentence shorter: {0}", "Shorten this: {0}", "Say this in fewer words: {0}",
         "Rewrite this sentence so that it is shorter: {0}"];
    static readonly string[] Formal =
        ["Rewrite this sentence so that it is more formal: {0}", "Make this more formal: {0}", "Say this more politely: {0}"];
    static readonly string[] Summary =
        ["Summarise this in one sentence: {0}", "Summarise: {0}", "What happens here, in one sentence? {0}", "Give a short summary: {0}"];

    readonly Random random = new(seed);
    readonly HashSet<string> seen = [];

    /// <summary>Those that are kept, as turns.</summary>
    public IEnumerable<JsonObject> Kept(IEnumerable<JsonObject> sampled)
    {
        foreach (var line in sampled)
        {
            var (asked, answer) = line.TurnsOf();
            answer = answer.Trim().Trim('"').Trim();
            var told = line["messages"]![0]!.AsObject().Text("content");
            if (IsGood(told, asked, answer) && !held.AreIn(asked + " " + answer) && seen.Add(asked + "\n" + answer))
                yield return JsonLines.Turns(Worded(told, asked), answer);
        }
    }

    string Worded(string told, string asked) => told switch
    {
        Questions.Concise => string.Format(One(Shorten), asked),
        Questions.Formal => string.Format(One(Formal), asked),
        Questions.Summary => string.Format(One(Summary), asked),
        _ => asked,
    };

    string One(string[] all) => all[random.Next(all.Length)];

    static bool IsGood(string told, string asked, string answer)
    {
        if (answer.Length is < 8 or > 420 || !Ends().IsMatch(answer) || Unfit().IsMatch(answer) || Loops(answer)) return false;
        var (of, by) = (Content(asked), Content(answer));
        var common = of.Count(by.Contains);
        return told switch
        {
            Questions.Concise => Keeps(longest: 0.95, kept: 0.5, added: 3),
            Questions.Formal => answer != asked && Keeps(longest: 1.8, kept: 0.4, added: 5),
            Questions.Summary => Keeps(longest: 0.75, kept: 0.25, added: 4),
            _ => common > 0 || !IsAbout().IsMatch(asked),
        };

        bool Keeps(double longest, double kept, int added) => answer.Length < longest * asked.Length && common >= kept * of.Count
            && by.Count - common <= added && IsLine(answer);
    }

    static bool IsLine(string answer) => !answer.Contains('\n') && !answer.Contains("sentence", StringComparison.OrdinalIgnoreCase);

    /// <summary>The words of a text that carry its content, without their endings.</summary>
    static HashSet<string> Content(string text) =>
        [.. Word().Matches(text).Select(m => m.Value.ToLowerInvariant()).Where(w => w.Length > 3).Select(w => w[..Math.Min(w.Length, 5)])];

    /// <summary>Whether four words come again.</summary>
    static bool Loops(string answer)
    {
        string[] words = [.. Word().Matches(answer).Select(m => m.Value.ToLowerInvariant())];
        var grams = new HashSet<string>();
        for (var i = 0; i + 4 <= words.Length; i++)
            if (!grams.Add(string.Join(' ', words[i..(i + 4)]))) return true;
        return false;
    }

    [GeneratedRegex("^(Write|Describe) ")]
    private static partial Regex IsAbout();

    [GeneratedRegex("[A-Za-z']+")]
    private static partial Regex Word();

    [GeneratedRegex(@"[.!?]$")]
    private static partial Regex Ends();

    // What gives the teacher away, what it says for want of an answer, and its letters from nobody to nobody.
    [GeneratedRegex(@"\bAI\b|assistant|language model|SmolLM|Hugging|text|rewrit|re-writ|\bassist|I'm sorry for (the|any)|"
        + @"misunderstanding|unable to|\[|\]|\*|#|http|@|P\.S\.|Best,|regards|Sincerely|Alex|"
        + @"Emily|Sarah|Emma,|Dr\.|classic example|tongue-in-cheek|testament|\d{3}",
        RegexOptions.IgnoreCase)]
    private static partial Regex Unfit();
}
