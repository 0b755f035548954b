using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dayu.Recipes;

/// <summary>Pairs of short sentences, and who asks for one to be translated or said more politely.</summary>
sealed partial class Translations(HeldPrompts held, int seed)
{
    static readonly string[] ToChinese =
        ["把这句话翻译成中文：{0}", "翻译成中文：{0}", "Translate into Chinese: {0}", "{0} 用中文怎么说？", "请把下面的英文译成中文：{0}",
         "How do you say this in Chinese? {0}"];
    static readonly string[] ToEnglish =
        ["把这句话翻译成英文：{0}", "翻译成英文：{0}", "Translate into English: {0}", "“{0}”用英文怎么说？", "请把下面的中文译成英文：{0}"];
    static readonly string[] Friendlier =
        ["Rewrite this sentence so that it is friendlier: {0}", "Make this friendlier: {0}",
         "Say this more kindly: {0}", "Make this more polite: {0}"];
    static readonly string[] Begins =
    [
        "Give ", "Bring ", "Tell ", "Show ", "Wait ", "Come ", "Help ", "Put ", "Take ", "Stop ", "Turn ", "Open ",
        "Close ", "Call ", "Sit ", "Stand ",
        "Look ", "Listen ", "Read ", "Write ", "Leave ", "Go ", "Keep ", "Speak ", "Answer ", "Ask ", "Send ",
        "Get ", "Pass ", "Explain ", "Move ",
    ];

    readonly Simplified simplified = new();
    readonly Random random = new(seed);

    /// <summary>Pairs in simplified characters.</summary>
    public IEnumerable<(string English, string Chinese)> Of(IEnumerable<JsonObject> pairs)
    {
        foreach (var pair in pairs)
        {
            var (english, chinese) = (pair.Text("en").Trim(), Zhe().Replace(simplified.Of(pair.Text("zh")).Trim(), "着"));
            if (!held.AreIn(english) && !held.AreIn(chinese)) yield return (english, chinese);
        }
    }

    /// <summary>Turns about a pair.</summary>
    public IEnumerable<JsonObject> Turns((string English, string Chinese) pair)
    {
        yield return JsonLines.Turns(string.Format(ToChinese[random.Next(ToChinese.Length)], pair.English), pair.Chinese);
        yield return JsonLines.Turns(string.Format(ToEnglish[random.Next(ToEnglish.Length)], pair.Chinese), pair.English);
        if (Politely(pair.English) is { } polite)
            yield return JsonLines.Turns(string.Format(Friendlier[random.Next(Friendlier.Length)], pair.English), polite);
    }

    /// <summary>An order as a request; null: it is no order.</summary>
    string? Politely(string sentence)
    {
        if (!Array.Exists(Begins, b => sentence.StartsWith(b, StringComparison.Ordinal))) return null;
        if (sentence[..^1].AsSpan().IndexOfAny(".!?\"") >= 0) return null;
        var order = char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.', '!');
        return random.Next(3) switch
        {
            0 => $"Could you please {order}?",
            1 => $"Would you be so kind as to {order}?",
            _ => $"Please {order}, if you don't mind.",
        };
    }

    // One traditional character for two: "famous, work, notable" keep it.
    [GeneratedRegex("(?<![名显原土])著(?![名作者])")]
    private static partial Regex Zhe();
}
