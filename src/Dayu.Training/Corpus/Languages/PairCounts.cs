namespace Dayu.Training;

/// <summary>Characters and pairs of texts of one kind.</summary>
sealed class PairCounts(byte[] scripts, ushort[] forms)
{
    readonly int[] characters = new int[ChineseLetters.Count + 1], pairs = new int[ChineseLetters.Pairs];

    /// <summary>Counts a text.</summary>
    public void Add(string text)
    {
        var scan = new ChineseScan(text, scripts, forms);
        while (scan.Next())
        {
            if (scan.Character != ChineseScan.Nothing) characters[scan.Character]++;
            if (scan.Pair >= 0) pairs[scan.Pair]++;
        }
    }

    /// <summary>How much each character and each bucket of pairs speaks for these counts over others.</summary>
    public (sbyte[] Characters, sbyte[] Pairs) Against(PairCounts other) =>
        (Evidence(characters, other.characters), Evidence(pairs, other.pairs));

    /// <summary>log(a / A) − log(b / B), each count with some of the expected added to it.</summary>
    static sbyte[] Evidence(int[] a, int[] b)
    {
        var (all, allOther) = (a.Sum(n => (double)n), b.Sum(n => (double)n));
        var evidence = new sbyte[a.Length];
        for (var i = 0; i < evidence.Length; i++)
        {
            var nats = Math.Log((a[i] + Smoothing) / all / ((b[i] + Smoothing * allOther / all) / allOther));
            evidence[i] = (sbyte)Math.Clamp(Math.Round(nats * ChineseModel.Nat), -127, 127);
        }
        return evidence;
    }

    const double Smoothing = 4;
}
