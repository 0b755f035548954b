namespace Dayu.Training;

/// <summary>
/// Makes the model of <see cref="LanguageIdentifier"/> of texts, the same bytes of the same texts in the same order. Of each twenty texts,
/// by a hash of them, one is held out, and one is not counted but sets where a model says one half.
/// </summary>
public sealed class LanguageTrainer
{
    readonly EnglishCounts english = new();
    readonly ChineseCounts chinese = new();
    readonly List<string> tuneEnglish = [], tuneModern = [], tuneClassical = [];

    /// <summary>Whether a text is held out: it is not learnt from, and can be measured on.</summary>
    public static bool IsHeldOut(string text) => MinHash.HashOf(text) % Parts == 0;

    static bool IsForTuning(string text) => MinHash.HashOf(text) % Parts == 1;

    const int Parts = 20;

    /// <summary>A text in English.</summary>
    public void AddEnglish(string text)
    {
        if (IsForTuning(text)) tuneEnglish.Add(text);
        else if (!IsHeldOut(text)) english.Add(text);
    }

    /// <summary>A text in modern Chinese, in simplified characters or in which is not known: such a one says nothing of scripts.</summary>
    public void AddModern(string text, bool simplified)
    {
        if (IsForTuning(text)) tuneModern.Add(text);
        else if (!IsHeldOut(text)) chinese.Add(text, classical: false, simplified ? HanScript.Simplified : HanScript.Unknown);
    }

    /// <summary>A text in classical Chinese, all in traditional or all in simplified characters.</summary>
    public void AddClassical(string text, bool traditional)
    {
        if (IsForTuning(text)) tuneClassical.Add(text);
        else if (!IsHeldOut(text)) chinese.Add(text, classical: true, traditional ? HanScript.Traditional : HanScript.Simplified);
    }

    /// <summary>The model, for <see cref="LanguageIdentifier(ReadOnlySpan{byte})"/>.</summary>
    /// <exception cref="InvalidOperationException">There is too little of one kind.</exception>
    public byte[] Model()
    {
        if (tuneEnglish.Count == 0 || tuneModern.Count == 0 || tuneClassical.Count == 0)
            throw new InvalidOperationException($"{tuneEnglish.Count} English, {tuneModern.Count} modern and {tuneClassical.Count} "
                + "classical Chinese texts are there to set limits with; add at least a hundred of each kind");
        return LanguageModelFile.Write(LanguageTuning.WithLimit(english.Model(), tuneEnglish),
            LanguageTuning.WithSlope(chinese.Model(), tuneClassical, tuneModern));
    }
}
