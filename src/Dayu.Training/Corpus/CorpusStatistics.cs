using System.Text;
using Dayu.Text;

namespace Dayu.Training;

/// <summary>How much text there is and of what kind, in memory that does not grow with it.</summary>
/// <param name="tokenizer">Counts tokens; null: they are not counted.</param>
public sealed class CorpusStatistics(Tokenizer? tokenizer)
{
    const int MostUnits = 1 << 20;

    readonly SortedDictionary<string, Amount> languages = new(StringComparer.Ordinal);
    readonly LengthHistogram lengths = new();
    readonly Dictionary<string, long> units = [];

    /// <summary>All documents.</summary>
    public Amount All { get; private set; }

    /// <summary>Tokens of their texts; 0 without a tokenizer.</summary>
    public long Tokens { get; private set; }

    /// <summary>By language.</summary>
    public IReadOnlyDictionary<string, Amount> Languages => languages;

    /// <summary>Characters of documents.</summary>
    public LengthHistogram Lengths => lengths;

    /// <summary>Adds a document.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="language">Its language, where it is known; else it is identified.</param>
    public void Add(string text, string? language = null)
    {
        var characters = Encoding.UTF32.GetByteCount(text) / 4;
        var amount = new Amount(1, Encoding.UTF8.GetByteCount(text), characters);
        All += amount;
        language ??= LanguageIdentifier.Default.Of(text).Language;
        languages[language] = languages.GetValueOrDefault(language) + amount;
        lengths.Add(characters);
        Tokens += tokenizer?.Encode(text, addSpecial: false, parseSpecial: false).Count ?? 0;
        foreach (var unit in TextUnits.Of(text)) units[unit] = units.GetValueOrDefault(unit) + 1;
        if (units.Count > MostUnits) Forget();
    }

    /// <summary>What is rare goes, until there is room: among the most frequent it would not be (Manku and Motwani 2002).</summary>
    void Forget()
    {
        for (var least = 1L; units.Count > MostUnits / 2; least *= 2)
            foreach (var (unit, times) in units) if (times <= least) units.Remove(unit);
    }

    /// <summary>Words, or Chinese characters, that are most frequent.</summary>
    /// <param name="count">How many.</param>
    public IReadOnlyList<(string Unit, long Times)> MostFrequent(int count) =>
        [.. units.OrderByDescending(u => u.Value).ThenBy(u => u.Key, StringComparer.Ordinal).Take(count).Select(u => (u.Key, u.Value))];
}
