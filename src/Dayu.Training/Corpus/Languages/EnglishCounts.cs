using System.Runtime.InteropServices;

namespace Dayu.Training;

/// <summary>Counts of English texts, of which the model is made.</summary>
sealed class EnglishCounts
{
    readonly int[] trigrams = new int[LatinLetters.Count * LatinLetters.Count * LatinLetters.Count];
    readonly Dictionary<string, int> words = new(StringComparer.Ordinal);
    long total;

    /// <summary>Counts a text too.</summary>
    public void Add(string text)
    {
        var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> word = stackalloc char[64];
        var length = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            var symbol = i < text.Length ? LatinLetters.Of(text[i]) : 0;
            if (symbol != 0)
            {
                if (length < word.Length) word[length++] = (char)symbol;
                continue;
            }
            if (length == 0) continue;
            CollectionsMarshal.GetValueRefOrAddDefault(lookup, word[..length], out _)++;
            total++;
            length = 0;
        }
    }

    /// <summary>The model before its limit is set; a word is frequent that is one of the first in the order of counts.</summary>
    public EnglishModel Model()
    {
        foreach (var (word, count) in words) Spell(word, Math.Min(count, Rare));
        var costs = new byte[trigrams.Length];
        for (var two = 0; two < trigrams.Length; two += LatinLetters.Count)
        {
            var seen = trigrams.AsSpan(two, LatinLetters.Count);
            var all = 0L;
            foreach (var n in seen) all += n;
            for (var i = 0; i < seen.Length; i++)
                costs[two + i] = Cost((seen[i] + Smoothing * Share(two, i)) / (all + Smoothing));
        }
        var frequent = words.Where(w => w.Value >= Least).OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal)
            .Take(EnglishModel.Slots / 2).ToList();
        var (checks, table) = (new ushort[EnglishModel.Slots], new byte[EnglishModel.Slots + 1]);
        table[EnglishModel.Slots] = Cost(1 - frequent.Sum(w => (double)w.Value) / total);
        foreach (var (word, count) in frequent)
        {
            var hash = WordHash.Start;
            foreach (var symbol in word) hash = WordHash.Next(hash, symbol);
            var slot = WordHash.Slot(hash);
            while (checks[slot] != 0 && checks[slot] != WordHash.Check(hash)) slot = (slot + 1) % EnglishModel.Slots;
            if (checks[slot] != 0) continue;                          // a more frequent word of the same bits
            (checks[slot], table[slot]) = (WordHash.Check(hash), Cost((double)count / total));
        }
        return new(costs, checks, table, 0);
    }

    /// <summary>Spelling is learnt of the many rare words more than of the few frequent, which have their own costs.</summary>
    const int Rare = 20;
    const int Least = 8;
    const double Smoothing = 10;

    /// <summary>How often a symbol follows the nearer of two, whatever the other is.</summary>
    double Share(int two, int symbol)
    {
        long seen = 0, all = 0;
        var before = two / LatinLetters.Count % LatinLetters.Count;
        for (var first = 0; first < LatinLetters.Count; first++)
        {
            var row = (first * LatinLetters.Count + before) * LatinLetters.Count;
            seen += trigrams[row + symbol];
            for (var i = 0; i < LatinLetters.Count; i++) all += trigrams[row + i];
        }
        return (seen + 0.5) / (all + 0.5 * LatinLetters.Count);
    }

    void Spell(string word, int count)
    {
        var two = 0;
        for (var i = 0; i <= word.Length; i++)
        {
            var symbol = i < word.Length ? word[i] : 0;
            trigrams[two * LatinLetters.Count + symbol] += count;
            two = two % LatinLetters.Count * LatinLetters.Count + symbol;
        }
    }

    static byte Cost(double p) => (byte)Math.Clamp(Math.Round(-Math.Log(p) * EnglishModel.Nat), 0, 255);
}
