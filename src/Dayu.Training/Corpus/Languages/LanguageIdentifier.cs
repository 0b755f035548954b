namespace Dayu.Training;

/// <summary>
/// Says what language a text is in, for corpora of English and Chinese: the script by its letters, English by its words and spelling, kinds
/// of Chinese by their characters. Of a long text eight pieces are looked at. The same text has the same answer on every machine.
/// How often it is right: docs/languages.md.
/// </summary>
public sealed class LanguageIdentifier
{
    readonly EnglishModel english;
    readonly ChineseModel chinese;

    /// <summary>With a model that <see cref="LanguageTrainer"/> made.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public LanguageIdentifier(ReadOnlySpan<byte> model) => (english, chinese) = LanguageModelFile.Read(model);

    /// <summary>With the model that comes along.</summary>
    public static LanguageIdentifier Default { get; } = new(Resource());

    /// <summary>What a text is in. Threads may ask at the same time.</summary>
    public LanguageGuess Of(string text)
    {
        var counts = new LetterCounts();
        for (var i = 0; i < Excerpt.Count(text); i++) counts.Add(Excerpt.Piece(text, i));
        if (NoLanguage(counts) is > 0 and var sure) return new(CorpusLanguages.None, Rounded(sure));
        var isJapanese = counts.Kana > (counts.Han + counts.Kana) * KanaShare;
        var (han, other) = isJapanese ? (0, counts.Other + counts.Han + counts.Kana) : (counts.Han + counts.Kana, counts.Other);
        var (language, probability) = han >= counts.Latin && han >= other ? Chinese(text)
            : counts.Latin >= other ? Latin(text)
            : (CorpusLanguages.Other, 1);
        var letters = language is CorpusLanguages.Other && counts.Latin < other ? other : Math.Max(han, counts.Latin);
        return new(language, Rounded(probability * letters / counts.All));
    }

    (string, double) Latin(string text)
    {
        var (cost, letters) = (0L, 0);
        for (var i = 0; i < Excerpt.Count(text); i++) english.Add(Excerpt.Piece(text, i), ref cost, ref letters);
        var p = english.Probability(cost, letters);
        return p >= 0.5 ? (CorpusLanguages.English, p) : (CorpusLanguages.Other, 1 - p);
    }

    (string, double) Chinese(string text)
    {
        var evidence = new ChineseEvidence();
        for (var i = 0; i < Excerpt.Count(text); i++) chinese.Add(Excerpt.Piece(text, i), ref evidence);
        var (old, traditional) = (chinese.Classical(evidence), ChineseModel.InTraditional(evidence));
        return old >= 0.5 ? (CorpusLanguages.Classical, old)
            : traditional >= 0.5 ? (CorpusLanguages.Traditional, (1 - old) * traditional)
            : (CorpusLanguages.Simplified, (1 - old) * (1 - traditional));
    }

    /// <summary>
    /// How sure it is that a text is in no language; 0 where it may be in one. That it is a program is asked of a longer text alone: in a
    /// line, a formula or two parentheses are none.
    /// </summary>
    static double NoLanguage(in LetterCounts counts)
    {
        if (counts.All < FewestLetters) return 1;
        if (counts.Signs > counts.All) return (double)counts.Signs / (counts.All + counts.Signs);
        var code = counts.CodeSigns / (counts.All * CodeShare);
        return counts.All < LettersOfCode || code < 1 ? 0 : Math.Min(code / 2, 1);
    }

    /// <summary>The last bits of exponentials differ between machines; these do not.</summary>
    static double Rounded(double probability) => Math.Round(probability, 4);

    static byte[] Resource()
    {
        using var stream = typeof(LanguageIdentifier).Assembly.GetManifestResourceStream("Languages.bin")!;
        var model = new byte[stream.Length];
        stream.ReadExactly(model);
        return model;
    }

    const int FewestLetters = 2, LettersOfCode = 300;
    const double CodeShare = 0.06, KanaShare = 0.2;
}
