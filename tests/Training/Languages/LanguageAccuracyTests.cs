using System.Text;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>
/// How often the language of a line is right, on texts that were not learnt from. docs/languages.md is what full size measures; the small
/// twin looks at a part and holds bounds a little under it.
/// </summary>
public sealed class LanguageAccuracyTests
{
    static readonly int[] ends = [20, 50, 200, int.MaxValue];
    static readonly string[] lengths = ["1–20", "21–50", "51–200", "over 200"];

    [Fact]
    public void LinesAreToldApart()
    {
        var confusion = new Dictionary<(string Gold, string Guess, int Length), int>();
        foreach (var (gold, text) in LanguageTestSet.Lines(Sizes.Of(40, 1)))
        {
            var guess = LanguageIdentifier.Default.Of(text).Language;
            var length = Array.FindIndex(ends, e => text.Length <= e);
            confusion[(gold, guess, length)] = confusion.GetValueOrDefault((gold, guess, length)) + 1;
        }
        var table = Table(confusion);
        if (Sizes.Long)
        {
            var made = House.At("artifacts/languages.md");
            File.WriteAllText(made, table);
            Assert.True(House.Text("docs/languages.md").Contains(table, StringComparison.Ordinal),
                $"the table of docs/languages.md is not up to date: copy that of {made} there");
        }
        foreach (var (language, bounds) in least)
            for (var length = 0; length < ends.Length; length++)
                if (Row(confusion, language, length).Lines >= 50)
                    Assert.True(Row(confusion, language, length).Recall >= bounds[length],
                        $"{language}, {lengths[length]}: {Row(confusion, language, length)}; at least {bounds[length]}\n{table}");
    }

    static readonly Dictionary<string, double[]> least = new()
    {
        ["en"] = [0.84, 0.96, 0.985, 0.99],
        ["zh-hans"] = [0.84, 0.91, 0.95, 0.97],
        ["zh-hant"] = [0.65, 0.93, 0.95, 0.96],
        ["lzh"] = [0.68, 0.88, 0.95, 0.94],
        ["other"] = [0.92, 0.97, 0.98, 0.98],
    };

    /// <summary>Precision as if there were as many lines of each language.</summary>
    static (int Lines, double Precision, double Recall) Row(Dictionary<(string Gold, string Guess, int Length), int> confusion,
        string language, int length)
    {
        double Rate(string gold)
        {
            var all = CorpusLanguages.All.Sum(l => confusion.GetValueOrDefault((gold, l, length)));
            return all == 0 ? 0 : (double)confusion.GetValueOrDefault((gold, language, length)) / all;
        }
        var lines = CorpusLanguages.All.Sum(l => confusion.GetValueOrDefault((language, l, length)));
        return (lines, Rate(language) / Math.Max(CorpusLanguages.All.Sum(Rate), 1e-9), Rate(language));
    }

    static string Table(Dictionary<(string, string, int), int> confusion)
    {
        var table = new StringBuilder("| language | characters | lines | precision | recall |\n|---|---|---:|---:|---:|\n");
        foreach (var language in least.Keys)
            for (var length = 0; length < ends.Length; length++)
                if (Row(confusion, language, length) is { Lines: > 0 } row)
                    table.Append($"| {language} | {lengths[length]} | {row.Lines:N0} | {row.Precision:P1} | {row.Recall:P1} |\n");
        return table.ToString();
    }
}
