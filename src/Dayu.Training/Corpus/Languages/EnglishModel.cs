namespace Dayu.Training;

/// <summary>
/// How unlike English a text is, in nats a letter. A word costs −log P(word) where it is one of the frequent, else what its letters
/// cost by the two before each. There is no model of other languages: it is a test of one class.
/// </summary>
sealed class EnglishModel(byte[] trigrams, ushort[] checks, byte[] words, short limit)
{
    /// <summary>Slots of the table of words, half of them taken.</summary>
    public const int Slots = 1 << 15;

    /// <summary>Steps of a nat that costs are kept in.</summary>
    public const int Nat = 16;

    /// <summary>Costs of a symbol after two others, [28 × 28 × 28], in 1/16 nat.</summary>
    public byte[] Trigrams => trigrams;

    /// <summary>The upper bits of the hashes of words; 0 where a slot is free.</summary>
    public ushort[] Checks => checks;

    /// <summary>Costs of words, in 1/16 nat; in the end that of being none of them.</summary>
    public byte[] Words => words;

    /// <summary>The mean cost that is as likely English as not, in 1/256 nat a letter.</summary>
    public short Limit => limit;

    /// <summary>Adds a piece's cost in 1/16 nat, and its letters, each end of a word being one.</summary>
    public void Add(ReadOnlySpan<char> piece, ref long cost, ref int letters)
    {
        var (two, hash, spelled, length) = (0, WordHash.Start, 0, 0);
        for (var i = 0; i <= piece.Length; i++)
        {
            var symbol = i < piece.Length ? LatinLetters.Of(piece[i]) : 0;
            if (symbol == 0 && length == 0) continue;
            spelled += trigrams[two * LatinLetters.Count + symbol];
            if (symbol != 0)
            {
                two = two % LatinLetters.Count * LatinLetters.Count + symbol;
                hash = WordHash.Next(hash, symbol);
                length++;
                continue;
            }
            cost += Cost(hash, spelled);
            letters += length + 1;
            (two, hash, spelled, length) = (0, WordHash.Start, 0, 0);
        }
    }

    int Cost(uint hash, int spelled)
    {
        var check = WordHash.Check(hash);
        for (var slot = WordHash.Slot(hash); checks[slot] != 0; slot = (slot + 1) % Slots)
            if (checks[slot] == check) return words[slot];
        return words[Slots] + spelled;
    }

    /// <summary>The probability that a text of this cost is English: one half at the limit, and surer the longer it is.</summary>
    public double Probability(long cost, int letters) => letters == 0
        ? 0
        : 1 / (1 + Math.Exp((Mean(cost, letters) - limit / (double)LimitUnit) * Math.Sqrt(letters) * Steepness));

    /// <summary>
    /// A text's cost in nats a letter, after an allowance: of a text of a word or two the frequency of words is most of the cost, of a
    /// longer one it is spread over all letters.
    /// </summary>
    public static double Mean(long cost, int letters) => ((double)cost / Nat - Allowance) / letters;

    /// <summary>Steps of a nat that the limit is kept in.</summary>
    public const int LimitUnit = 256;

    const double Steepness = 1.5, Allowance = 3;
}
