namespace Dayu.Training;

/// <summary>Counts of Chinese texts, of which the model is made.</summary>
sealed class ChineseCounts
{
    readonly byte[] standards = HanScripts.FromStandards();
    readonly int[] inSimplified = new int[ChineseLetters.Count], inTraditional = new int[ChineseLetters.Count];
    readonly List<string> modern = [], classical = [];

    /// <summary>A text.</summary>
    public void Add(string text, bool classical, HanScript script)
    {
        if (script == HanScript.Simplified) Count(text, inSimplified);
        if (script == HanScript.Traditional) Count(text, inTraditional);
        (classical ? this.classical : modern).Add(text);
    }

    static void Count(string text, int[] counts)
    {
        foreach (var c in text) if (ChineseLetters.Of(c) < ChineseLetters.Count) counts[ChineseLetters.Of(c)]++;
    }

    /// <summary>The model before its scale is set.</summary>
    public ChineseModel Model()
    {
        var scripts = Scripts();
        var forms = SimplifiedForms.Table();
        var (old, now) = (new PairCounts(scripts, forms), new PairCounts(scripts, forms));
        foreach (var text in classical) old.Add(text);
        foreach (var text in modern) now.Add(text);
        var (characters, pairs) = old.Against(now);
        return new(scripts, characters, pairs, ChineseModel.Unit);
    }

    /// <summary>
    /// The standards' marks, but of characters that texts of the other script have too: Big5 has rare ones that have no simplified form,
    /// GB 2312 variants that were written before it.
    /// </summary>
    byte[] Scripts()
    {
        var (all, allTraditional) = (inSimplified.Sum(n => (long)n), inTraditional.Sum(n => (long)n));
        var scripts = new byte[standards.Length];
        for (var i = 0; i < scripts.Length; i++)
        {
            var (simplified, traditional) = ((inSimplified[i] + 0.1) / all, (inTraditional[i] + 0.1) / allTraditional);
            var clear = standards[i] == ChineseModel.Simplified ? simplified > traditional * Clear : traditional > simplified * Clear;
            var seen = inSimplified[i] + inTraditional[i] > 0;
            if (clear || !seen) scripts[i] = standards[i];
        }
        return scripts;
    }

    const double Clear = 5;
}
