using System.Text;

namespace Dayu.Text;

/// <summary>
/// Every different word once, as characters numbered from 1 by frequency, end to end in one array with 0 before the first
/// and after each. A character that is not among the covered ones divides a word.
/// </summary>
sealed class UnigramText
{
    /// <summary>Stands between words.</summary>
    public const ushort Boundary = 0;

    readonly int[] characters;

    UnigramText(ushort[] symbols, (int Start, int Length, long Count)[] words, int[] characters) =>
        (Symbols, Words, this.characters) = (symbols, words, characters);

    /// <summary>The characters of all words.</summary>
    public ushort[] Symbols { get; }

    /// <summary>Where each word is, and how often it occurs.</summary>
    public IReadOnlyList<(int Start, int Length, long Count)> Words { get; }

    /// <summary>How many different characters there are; they are numbered 1 to this.</summary>
    public int Alphabet => characters.Length;

    /// <summary>Numbers characters. Words come in the order of their bytes, so that sums do not depend on threads.</summary>
    public static UnigramText Of(WordTable table, double coverage)
    {
        int[] known = [.. CharacterCounts.Of(table).Covering(coverage).Take(ushort.MaxValue)];
        var ids = known.Select((c, i) => (c, i)).ToDictionary(c => c.c, c => (ushort)(c.i + 1));
        var (symbols, words) = (new List<ushort> { Boundary }, new List<(int, int, long)>());
        foreach (int word in table.InOrder())
        {
            var utf8 = table[word];
            int start = symbols.Count;
            for (int at = 0; at < utf8.Length;)
            {
                ushort id = ids.GetValueOrDefault(CharacterTable.Decode(utf8, at, out at));
                symbols.Add(id);
                if (id == Boundary) End(word);
            }
            symbols.Add(Boundary);
            End(word);

            void End(int word)
            {
                int length = symbols.Count - 1 - start;
                if (length > 0) words.Add((start, length, table.CountOf(word)));
                start = symbols.Count;
            }
        }
        return new([.. symbols], [.. words], known);
    }

    /// <summary>A stretch of symbols as text.</summary>
    public string TextOf(ReadOnlySpan<ushort> stretch)
    {
        var text = new StringBuilder();
        foreach (ushort id in stretch) text.Append(new Rune(characters[id - 1]));
        return text.ToString();
    }
}
