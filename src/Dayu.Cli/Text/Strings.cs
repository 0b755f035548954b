using System.Text.Json;

namespace Dayu.Cli;

/// <summary>
/// Every text the user sees, in one language. The catalogues are <c>Strings.*.json</c>; a test holds them to the same keys and places.
/// </summary>
sealed class Strings
{
    readonly Dictionary<string, string> texts = [];

    Strings(string language)
    {
        using var stream = typeof(Strings).Assembly.GetManifestResourceStream($"Strings.{language}.json")!;
        using var json = JsonDocument.Parse(stream);
        foreach (var pair in json.RootElement.EnumerateObject()) texts.Add(pair.Name, pair.Value.GetString()!);
    }

    /// <summary>Languages there are.</summary>
    public static string[] Known { get; } = ["en", "zh-CN"];

    /// <summary>The texts of a language: one of <see cref="Known"/>.</summary>
    public static Strings Of(string language) => new(language);

    public IReadOnlyDictionary<string, string> All => texts;

    public bool Has(string key) => texts.ContainsKey(key);

    /// <summary>A text; a key that is not there, as itself, so that a hole is seen and nothing fails.</summary>
    public string this[string key] => texts.GetValueOrDefault(key, key);

    /// <summary>A text with values put in.</summary>
    public string Text(string key, params object[] args) => args.Length == 0 ? this[key] : string.Format(null, this[key], Told(args));

    object[] Told(object[] args) => [.. args.Select(a => a is Phrase phrase ? Text(phrase.Key, phrase.Args) : a)];
}
