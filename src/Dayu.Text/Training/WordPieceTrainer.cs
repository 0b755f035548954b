using System.Text;

namespace Dayu.Text;

/// <summary>
/// Learns WordPiece as it is commonly done: the vocabulary that BPE's merges make, in which a token that continues a word
/// begins with <c>##</c>. (What Wu et al. 2016, arXiv:1609.08144, describe was never published in full.)
/// </summary>
static class WordPieceTrainer
{
    public static LearnedModel Learn(WordTable words, TokenizerTraining options, Action<int>? learned, CancellationToken cancel)
    {
        const string prefix = WordPieceTokenizer.Continuation;
        string[] control = TokenizerFrame.Control(options);
        HashSet<int> known = [.. CharacterCounts.Of(words).Covering(options.Coverage)];
        var (first, within) = Places(words, known);
        string[] alphabet = [.. first.Select(c => $"{new Rune(c)}"), .. within.Select(c => $"{prefix}{new Rune(c)}")];
        VocabularyTooSmallException.Check(options.VocabularySize, control.Length, alphabet.Length);
        var trainer = new BpeTrainer(Spell(words, first, within), alphabet, control, prefix, options.MinFrequency);
        trainer.Train(options.VocabularySize - control.Length, n => learned?.Invoke(n + control.Length), cancel);
        return new(trainer.Merges.Count, new()
        {
            ["type"] = "WordPiece",
            ["unk_token"] = TokenizerFrame.Unknown(options.Kind),
            ["continuing_subword_prefix"] = prefix,
            ["max_input_chars_per_word"] = WordPieceTokenizer.DefaultLongestWord,
            ["vocab"] = ByteLevelBpeTrainer.Vocabulary(control, trainer.Tokens),
        });
    }

    /// <summary>The known characters that words begin with, and those that they go on with.</summary>
    static (SortedSet<int> First, SortedSet<int> Within) Places(WordTable words, HashSet<int> known)
    {
        var (first, within) = (new SortedSet<int>(known), new SortedSet<int>());
        for (int word = 0; word < words.Count; word++)
        {
            var utf8 = words[word];
            CharacterTable.Decode(utf8, 0, out int at);
            while (at < utf8.Length)
                if (CharacterTable.Decode(utf8, at, out at) is var c && known.Contains(c)) within.Add(c);
        }
        return (first, within);
    }

    /// <summary>Words with a character that has no token stay unknown as a whole, and teach nothing.</summary>
    static SymbolText Spell(WordTable words, SortedSet<int> first, SortedSet<int> within)
    {
        var (begin, go, lengths) = (Ids(first, 0), Ids(within, first.Count), new int[words.Count]);
        for (int word = 0; word < lengths.Length; word++)
        {
            var utf8 = words[word];
            bool isKnown = true;
            for (int at = 0; at < utf8.Length; lengths[word]++) isKnown &= begin.ContainsKey(CharacterTable.Decode(utf8, at, out at));
            if (!isKnown) lengths[word] = 0;
        }
        return SymbolText.Of(words, lengths, (word, symbols) =>
        {
            var utf8 = words[word];
            for (int i = 0, at = 0; i < symbols.Length; i++) symbols[i] = (i == 0 ? begin : go)[CharacterTable.Decode(utf8, at, out at)];
        });
    }

    static Dictionary<int, int> Ids(SortedSet<int> characters, int from) =>
        characters.Select((c, i) => (c, i)).ToDictionary(c => c.c, c => from + c.i);
}
