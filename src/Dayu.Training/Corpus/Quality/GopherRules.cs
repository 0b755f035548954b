using static Dayu.Training.MeasuredText;

namespace Dayu.Training;

/// <summary>
/// The rules that Gopher's MassiveText was filtered by: Rae et al. 2021, arXiv:2112.11446, A.1.1 and table A1; and what they are for
/// Chinese.
/// </summary>
public static class GopherRules
{
    static readonly HashSet<string> stopWords = ["the", "be", "to", "of", "and", "that", "have", "with"];
    static readonly string[] stopCharacters = ["的", "是", "不", "了", "在", "有", "一", "人", "之", "也", "而", "以"];
    static readonly string[] bullets = ["•", "‣", "●", "○", "▪", "*", "-", "·"];

    /// <summary>For English, with the paper's thresholds.</summary>
    public static QualityFilter English { get; } = new("Gopher",
    [
        new("gopher.words", "it is too short or too long, in words", 50, 100_000, t => t.Words.Count),
        new("gopher.word_length", "its words are too short or too long on average", 3, 10,
            t => Share(t.Words.Sum(w => w.Length), t.Words.Count)),
        AtMost("gopher.symbols", "it has many # and … for its words", 0.1, t => Share(Math.Max(Times(t, "#"), Ellipses(t)), t.Words.Count)),
        new("gopher.alphabetic", "few of its words have a letter", 0.8, 1,
            t => Share(t.Words.Count(w => w.Any(char.IsLetter)), t.Words.Count)),
        new("gopher.stop_words", "it has hardly any of the words that every English text has", 2, double.PositiveInfinity,
            t => t.Units.Where(stopWords.Contains).Distinct().Count()),
        .. Lines(), .. Repetitions(1),
    ]);

    /// <summary>
    /// For Chinese, which has no words to count: characters instead; punctuation, which a list of keywords lacks; and repetitions of
    /// twice as many units, as a word has about two characters.
    /// </summary>
    public static QualityFilter Chinese { get; } = new("Gopher, for Chinese",
    [
        new("gopher.zh.characters", "it is too short or too long, in Chinese characters", 80, 200_000, t => t.Han),
        new("gopher.zh.han", "little of it is Chinese", 0.5, 1, t => Share(t.Han, t.Characters)),
        AtMost("gopher.zh.symbols", "it has many # and … for its length", 0.05, t => Share(Math.Max(Times(t, "#"), Ellipses(t)), t.Han)),
        new("gopher.zh.punctuation", "it has nearly no punctuation, or nearly nothing else", 0.01, 0.35,
            t => Share(t.Text.Count(char.IsPunctuation), t.Characters)),
        new("gopher.zh.stop_characters", "it has hardly any of the characters that every Chinese text has", 2, double.PositiveInfinity,
            t => stopCharacters.Count(t.Text.Contains)),
        .. Lines(), .. Repetitions(2),
    ]);

    static IEnumerable<QualityRule> Lines() =>
    [
        AtMost("gopher.bullets", "nearly all of its lines are points of a list", 0.9,
            t => t.LinesThat(l => bullets.Any(b => l.StartsWith(b, StringComparison.Ordinal)))),
        AtMost("gopher.ellipsis_lines", "many of its lines are cut off with …", 0.3,
            t => t.LinesThat(l => l.EndsWith("...", StringComparison.Ordinal) || l.EndsWith('…'))),
        AtMost("gopher.duplicate_lines", "many of its lines stood before", 0.3, t => Repetition.OfParts(t.Lines)),
        AtMost("gopher.duplicate_line_characters", "much of it is lines that stood before", 0.2, t => Repetition.OfCharacters(t.Lines)),
        AtMost("gopher.duplicate_paragraphs", "many of its paragraphs stood before", 0.3, t => Repetition.OfParts(t.Paragraphs)),
        AtMost("gopher.duplicate_paragraph_characters", "much of it is paragraphs that stood before", 0.2,
            t => Repetition.OfCharacters(t.Paragraphs)),
    ];

    /// <summary>Thresholds of table A1.</summary>
    static IEnumerable<QualityRule> Repetitions(int unitsOfAWord)
    {
        return
        [
            Top(2, 0.20), Top(3, 0.18), Top(4, 0.16),
            All(5, 0.15), All(6, 0.14), All(7, 0.13), All(8, 0.12), All(9, 0.11), All(10, 0.10),
        ];

        QualityRule Top(int n, double most) =>
            AtMost($"gopher.top_{n}gram", "much of it is one phrase", most, t => Repetition.Top(t.Hashed, n * unitsOfAWord));

        QualityRule All(int n, double most) => AtMost($"gopher.duplicate_{n}grams", "much of it is phrases that stood before", most,
            t => Repetition.Duplicates(t.Hashed, n * unitsOfAWord));
    }

    static QualityRule AtMost(string name, string reason, double most, Func<MeasuredText, double> measure) =>
        new(name, reason, double.NegativeInfinity, most, measure);

    static int Times(MeasuredText text, string what) => text.Text.AsSpan().Count(what);

    static int Ellipses(MeasuredText text) => Times(text, "...") + Times(text, "…");
}
