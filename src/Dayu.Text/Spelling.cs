namespace Dayu.Text;

/// <summary>What was probably meant by a mistyped word.</summary>
public static class Spelling
{
    /// <summary>The known word that is nearest to a mistyped one; null where none is near.</summary>
    public static string? Closest(string word, IEnumerable<string> known)
    {
        var best = known.Select(k => (Word: k, Distance: Distance(word, k))).OrderBy(k => k.Distance).FirstOrDefault();
        return best.Word is { } found && best.Distance <= Math.Max(1, Math.Min(word.Length, found.Length) / 3) ? found : null;
    }

    /// <summary>Edits between two words, neighbours that changed places counted as one (Damerau 1964, optimal string alignment).</summary>
    static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0 ? i + j : Math.Min(Replaced(i, j), Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (AreSwapped(i, j)) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];

        int Replaced(int i, int j) => d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);

        bool AreSwapped(int i, int j) => i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
    }
}
