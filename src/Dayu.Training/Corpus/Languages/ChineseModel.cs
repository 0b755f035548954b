namespace Dayu.Training;

/// <summary>
/// Which Chinese a text is: its script by the characters that only one of the two has, classical or modern by naive Bayes over characters
/// and pairs that follow one another.
/// </summary>
/// <param name="scripts">Of each character: 1 simplified, 2 traditional, 0 in both or unclear.</param>
/// <param name="characters">Of each character, how much it speaks for classical Chinese, in 1/16 nat.</param>
/// <param name="pairs">Of each bucket of pairs, the same.</param>
/// <param name="slope">What a nat counts in the end, in 1/4096: neighbours say much the same, and all their nats together too much.</param>
sealed class ChineseModel(byte[] scripts, sbyte[] characters, sbyte[] pairs, short slope)
{
    readonly ushort[] forms = SimplifiedForms.Table();

    /// <summary>Steps of a nat that evidence is kept in.</summary>
    public const int Nat = 16;

    /// <summary>Steps that the slope is kept in.</summary>
    public const int Unit = 4096;

    /// <summary>Marks of scripts, [20,992].</summary>
    public byte[] Scripts => scripts;

    /// <summary>Evidence of characters, [20,993].</summary>
    public sbyte[] Characters => characters;

    /// <summary>Evidence of pairs, [65,536].</summary>
    public sbyte[] Pairs => pairs;

    /// <summary>What a nat counts.</summary>
    public short Slope => slope;

    /// <summary>Adds a piece.</summary>
    public void Add(ReadOnlySpan<char> piece, ref ChineseEvidence evidence)
    {
        var scan = new ChineseScan(piece, scripts, forms);
        var nats = 0;
        while (scan.Next())
        {
            if (scan.Script == Simplified) evidence.Simplified++;
            if (scan.Script == Traditional) evidence.Traditional++;
            if (scan.Character != ChineseScan.Nothing)
            {
                nats += characters[scan.Character];
                evidence.Characters++;
            }
            if (scan.Pair >= 0) nats += pairs[scan.Pair];
        }
        evidence.Classical += nats;
    }

    /// <summary>The probability that a text is classical, of which there is taken to be half as much as of modern ones.</summary>
    public double Classical(in ChineseEvidence evidence) => 1 / (1 + 2 * Math.Exp(-Nats(evidence) * slope / Unit));

    /// <summary>
    /// What speaks for classical Chinese, in nats. Of each character something is taken away: what is modern and about other things than
    /// the texts that were learnt from is nearer to nothing than what is classical.
    /// </summary>
    public static double Nats(in ChineseEvidence evidence) => (double)evidence.Classical / Nat - evidence.Characters * Reserve;

    /// <summary>The probability that a text is in traditional characters; a little under one half where all of them are in both.</summary>
    public static double InTraditional(in ChineseEvidence evidence) =>
        1 / (1 + Math.Exp((evidence.Simplified - evidence.Traditional) * Sign + Lean));

    /// <summary>The mark of characters that only simplified texts have.</summary>
    public const byte Simplified = 1;

    /// <summary>The mark of characters that only traditional texts have.</summary>
    public const byte Traditional = 2;

    const double Reserve = 0.2, Sign = 1.5, Lean = 0.4;
}
