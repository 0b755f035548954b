using System.Text.Json.Nodes;

namespace Dayu.Recipes;

/// <summary>What the teacher of turns is asked. It was itself taught to rewrite and to summarise by the instructions used here.</summary>
static class Questions
{
    const string Rewriter = "You're an AI assistant for text re-writing. ";

    public const string Concise = Rewriter + "Rewrite the input text to make it more concise while preserving its core meaning.";
    public const string Formal = Rewriter
        + "Rewrite the input text to make it more professional and formal while retaining its essential content.";
    public const string Summary = "Provide a concise, objective summary of the input text in one sentence, "
        + "focusing on key actions and intentions without using second or third person pronouns.";
    public const string Talk = "You are a kind assistant. Answer in one or two short sentences.";

    static readonly string[] Talks =
    [
        "{moods}.", "{moods}. What should I do?", "{moods}. Can you cheer me up?", "Do you like {things_liked}?",
        "I like {things_liked}. And you?",
        "What do you think about {things_liked}?", "Give me a tip for {activities}.", "I am {activities} today.",
        "Can you help me with {activities}?",
        "How do I begin with {activities}?", "Tell me something nice about {things_liked}.", "Why do people like {things_liked}?",
    ];

    static readonly string[] Writings =
    [
        "Write one sentence about {topics}.", "Write two sentences about {topics}.",
        "Describe {topics} in a few words.", "Write a short poem about {topics}.",
        "Write a short note to thank {receivers} for {reasons}.", "Write a short message to {receivers} about {activities}.",
        "Give me three ideas for {activities}.", "Write a sentence with a {animals} and a {things}.",
        "Write a short, kind reply to someone who says: {moods}.",
        "Write a sentence about a {kinds} {animals}.", "What is nice about {topics}?", "Describe a {kinds} {things}.",
        "Explain to a child why {topics} can be beautiful.",
    ];

    /// <summary>All of them, shuffled.</summary>
    /// <param name="sentences">Short English sentences, to be rewritten.</param>
    /// <param name="stories">Stories, of which pieces are summarised.</param>
    public static IEnumerable<JsonObject> Make(IReadOnlyList<string> sentences, IReadOnlyList<string> stories, int seed, HeldPrompts held)
    {
        var (words, random) = (new Words(), new Random(seed));
        var seen = new HashSet<string>();
        List<JsonObject> all = [];
        foreach (var story in stories)
        {
            var parts = Sentences.Of(story);
            for (var at = 0; at + 4 <= parts.Count && at < 16; at += 4)
                Ask(string.Join(' ', parts.Skip(at).Take(random.Next(3, 5))), Summary);
            foreach (var long_ in parts.Where(s => s.Length is > 70 and < 200).Take(3)) Ask(long_, Concise);
        }
        foreach (var sentence in sentences)
        {
            if (sentence.Length is > 45 and < 200) Ask(sentence, Concise);
            if (sentence.Length is > 30 and < 120 && random.Next(3) == 0) Ask(sentence, Formal);
        }
        for (var i = 0; i < 14000; i++) Ask(words.Fill(Talks[random.Next(Talks.Length)], random), Talk);
        for (var i = 0; i < 20000; i++) Ask(words.Fill(Writings[random.Next(Writings.Length)], random), Talk);
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all));
        return all;

        void Ask(string text, string told)
        {
            if (!held.AreIn(text) && seen.Add(told + text)) all.Add(JsonLines.Turns(text, system: told));
        }
    }
}
