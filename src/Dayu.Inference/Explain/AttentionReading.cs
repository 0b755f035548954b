using System.Text.RegularExpressions;

namespace Dayu.Inference;

/// <summary>Where a word stands in a text.</summary>
/// <param name="First">Its first piece.</param>
/// <param name="Count">How many pieces it has.</param>
/// <param name="Choices">How many places there were to choose from; 1 where the occurrence was named.</param>
public sealed record WordPlace(int First, int Count, int Choices)
{
    /// <summary>As a stretch of pieces.</summary>
    public (int First, int Count) Stretch => (First, Count);

    /// <summary>Its last piece.</summary>
    public int Last => First + Count - 1;
}

/// <summary>A text as a model read it: its tokens, and what each head of attention looked at.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="Maps">What each head looked at.</param>
/// <param name="IsCausal">Whether a word sees only itself and those before it.</param>
public sealed partial record AttentionReading(IReadOnlyList<int> Ids, AttentionMaps Maps, bool IsCausal)
{
    /// <summary>The longest text: the weights of all heads are kept, and their number grows with its square.</summary>
    public const int MostTokens = 256;

    /// <summary>Lets a model read a text.</summary>
    /// <param name="inspector">The model.</param>
    /// <param name="text">At most <see cref="MostTokens"/>, and no more than the model can read.</param>
    /// <exception cref="EmptyTextException">The text has no tokens, or only blanks.</exception>
    /// <exception cref="TextTooLongException">The text has too many tokens.</exception>
    /// <exception cref="UnknownTextException">The tokenizer does not know most of the text.</exception>
    public static AttentionReading Of(Inspector inspector, string text)
    {
        var ids = inspector.Encode(text);
        if (text.Trim().Length == 0 || ids.Count == 0) throw new EmptyTextException();
        var most = Math.Min(MostTokens, inspector.Model.Context);
        if (ids.Count > most) throw new TextTooLongException(ids.Count, most);
        var pieces = new TextSpans(inspector.Tokenizer, ids);
        UnknownTextException.ThrowIf(pieces);
        return new(ids, new(inspector.Attention(ids), pieces), inspector.IsCausal);
    }

    /// <summary>The text, piece by piece.</summary>
    public IReadOnlyList<TextSpan> Pieces => Maps.Pieces.All;

    /// <summary>Finds a word.</summary>
    /// <param name="word">One or several words; <c>word#2</c> is its second occurrence.</param>
    /// <returns>Where it stands; the first place, where no occurrence is named.</returns>
    /// <exception cref="WordNotFoundException">The text does not have it, or not so often.</exception>
    public WordPlace Find(string word)
    {
        var numbered = Numbered().Match(word);
        var occurrence = numbered.Success && int.TryParse(numbered.Groups[2].Value, out var number) ? number : 0;
        if (occurrence > 0) word = numbered.Groups[1].Value;
        var found = Maps.Pieces.Find(word);
        if (found.Count == 0 || occurrence > found.Count)
            throw new WordNotFoundException(word, occurrence, found.Count, [.. Pieces.Select(p => p.Shown)]);
        var (first, count) = found[Math.Max(0, occurrence - 1)];
        return new(first, count, occurrence > 0 ? 1 : found.Count);
    }

    /// <summary>What the pieces of a place say.</summary>
    public string Said(WordPlace place) => Said(place.First, place.Count);

    /// <summary>What stands behind a place.</summary>
    public string After(WordPlace place) => Said(place.Last + 1, Pieces.Count);

    string Said(int first, int count) => string.Concat(Pieces.Skip(first).Take(count).Select(p => p.Text)).Trim();

    [GeneratedRegex("^(.+)#([1-9][0-9]{0,3})$")]
    private static partial Regex Numbered();
}
