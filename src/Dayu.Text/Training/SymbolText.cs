namespace Dayu.Text;

/// <summary>
/// Every different word once, as symbols, end to end in one array with <see cref="Boundary"/> before the first and after
/// each.
/// </summary>
/// <param name="Symbols">The symbols.</param>
/// <param name="Words">The number of the word that each symbol is of.</param>
/// <param name="Counts">How often each word occurs.</param>
sealed record SymbolText(int[] Symbols, int[] Words, long[] Counts)
{
    /// <summary>Stands between words.</summary>
    public const int Boundary = -1;

    /// <summary>Spells words.</summary>
    /// <param name="table">The words.</param>
    /// <param name="lengths">How many symbols each has.</param>
    /// <param name="spell">Writes the symbols of a word.</param>
    public static SymbolText Of(WordTable table, int[] lengths, Action<int, Span<int>> spell)
    {
        long size = 1 + lengths.Length + lengths.Sum(l => (long)l);
        if (size > Array.MaxLength)
            throw new TokenizerException($"The different words of the text have {size:N0} symbols together; "
                + $"{Array.MaxLength:N0} is the most. Learn from less text, or cut Chinese into single characters.");
        var (symbols, words, counts) = (new int[size], new int[size], new long[table.Count]);
        symbols[0] = Boundary;
        for (int word = 0, at = 1; word < table.Count; word++)
        {
            spell(word, symbols.AsSpan(at, lengths[word]));
            words.AsSpan(at, lengths[word]).Fill(word);
            at += lengths[word];
            symbols[at++] = Boundary;
            counts[word] = table.CountOf(word);
        }
        return new(symbols, words, counts);
    }
}
