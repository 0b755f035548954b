using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Lines whose language is known, of texts that the model was not made of.</summary>
static class LanguageTestSet
{
    /// <summary>Lines of two letters or more with their language; of every so many documents one.</summary>
    public static IEnumerable<(string Language, string Text)> Lines(int every) => All(every).Where(l => l.Text.Count(char.IsLetter) > 1);

    static IEnumerable<(string Language, string Text)> All(int every) =>
    [
        .. English().Where((_, i) => i % every == 0).SelectMany(LanguageCorpus.Pieces).Select(t => ("en", t)),
        .. LanguageCorpus.Turns().Where((_, i) => i % (20 * every) == 0).Select(t => ("en", t)),
        .. Modern().Where((_, i) => i % every == 0).SelectMany(LanguageCorpus.Pieces).Select(t => ("zh-hans", t)),
        .. LanguageCorpus.Texts("encyclopedia.zh", "text").Where((_, i) => i % (5 * every) == 0).SelectMany(Article),
        .. Classical().Where((_, i) => i % every == 0).Select(t => ("lzh", t)),
        .. LanguageCorpus.Foreign().Select(f => ("other", f.Text)),
    ];

    static IEnumerable<string> English() => LanguageCorpus.Texts("encyclopedia.en", "text").Where((_, i) => i % 5 == 0)
        .Concat(LanguageCorpus.English().Where(LanguageTrainer.IsHeldOut));

    static IEnumerable<string> Modern() => LanguageCorpus.Pairs().Select(p => p.Modern).Where(LanguageTrainer.IsHeldOut)
        .Concat(LanguageCorpus.Passages());

    static IEnumerable<string> Classical() => LanguageCorpus.Pairs().Select(p => p.Classical)
        .Concat(LanguageCorpus.Texts("poems.zh", "text")).Where(LanguageTrainer.IsHeldOut);

    /// <summary>
    /// Lines of an article in the script that the rest of it is in, by the characters that only one of the national standards has; an
    /// article in which both are mixed has none.
    /// </summary>
    static IEnumerable<(string, string)> Article(string text)
    {
        var (simplified, traditional) = Marks(text);
        foreach (var line in LanguageCorpus.Pieces(text))
        {
            var (own, ownTraditional) = Marks(line);
            var (s, t) = (simplified - own, traditional - ownTraditional);
            if (s + t < 20 || Math.Max(s, t) < 0.98 * (s + t)) continue;
            yield return (s > t ? "zh-hans" : "zh-hant", line);
        }
    }

    static (int Simplified, int Traditional) Marks(string text)
    {
        var (simplified, traditional) = (0, 0);
        foreach (var c in text)
        {
            if (ChineseLetters.Of(c) >= ChineseLetters.Count) continue;
            var mark = standards[ChineseLetters.Of(c)];
            if (mark == ChineseModel.Simplified) simplified++;
            if (mark == ChineseModel.Traditional) traditional++;
        }
        return (simplified, traditional);
    }

    static readonly byte[] standards = HanScripts.FromStandards();
}
