namespace Dayu.Training;

/// <summary>A document as it is after its lines were looked at.</summary>
/// <param name="Text">The lines that are kept.</param>
/// <param name="Lines">Lines that were dropped, by the name of the rule.</param>
/// <param name="Breach">Why the whole document is dropped; null: it is kept.</param>
public sealed record CleanedText(string Text, IReadOnlyDictionary<string, int> Lines, RuleBreach? Breach);

/// <summary>
/// The rules that C4 was made by: Raffel et al. 2019, arXiv:1910.10683, section 2.2. Lines are dropped first, then documents.
/// </summary>
public sealed record C4Rules
{
    /// <summary>For English, as in the paper.</summary>
    public static C4Rules English { get; } = new()
    {
        Ends = ".!?\"”", Units = 5, Phrases = ["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies",
            "use cookies"],
    };

    /// <summary>For Chinese: its punctuation, characters instead of words, its phrases.</summary>
    public static C4Rules Chinese { get; } = new()
    {
        Ends = "。！？…；”」』）.!?\"", Units = 5,
        Phrases = ["使用条款", "使用條款", "隐私政策", "隱私政策", "隐私权政策", "隱私權政策", "服务条款", "服務條款", "版权所有", "版權所有", "使用 cookie", "京icp备"],
    };

    /// <summary>With which characters a line of prose ends.</summary>
    public required string Ends { get; init; }

    /// <summary>Words, or Chinese characters, of a line at least.</summary>
    public required int Units { get; init; }

    /// <summary>Of which a line has none, in lower case: they speak of the site.</summary>
    public required IReadOnlyList<string> Phrases { get; init; }

    /// <summary>Sentences of a document at least.</summary>
    public int Sentences { get; init; } = 3;

    /// <summary>Words of which a document has none, in lower case; the paper's list of obscene words is left to the caller.</summary>
    public IReadOnlySet<string> Banned { get; init; } = new HashSet<string>();

    /// <summary>Drops lines, then looks at what is left.</summary>
    public CleanedText Clean(string text)
    {
        var (lines, dropped) = (new List<string>(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        foreach (var line in text.Split('\n'))
        {
            var rule = Dropped(line.Trim());
            if (rule is null) lines.Add(line.TrimEnd('\r'));
            else dropped[rule] = dropped.GetValueOrDefault(rule) + 1;
        }
        var cleaned = string.Join('\n', lines).Trim('\n');
        return new(cleaned, dropped, new QualityFilter("C4", Documents).Check(cleaned));
    }

    /// <summary>What drops a line; null: it stays, as empty ones do, which part paragraphs.</summary>
    string? Dropped(string line) =>
        line.Length == 0 ? null
        : !Ends.Contains(line[^1]) || line.EndsWith("...", StringComparison.Ordinal) ? "c4.line_end"
        : TextUnits.Of(line).Count < Units ? "c4.line_length"
        : line.Contains("javascript", StringComparison.OrdinalIgnoreCase) ? "c4.javascript"
        : Phrases.Any(p => line.Contains(p, StringComparison.OrdinalIgnoreCase)) ? "c4.policy" : null;

    IReadOnlyList<QualityRule> Documents =>
    [
        new("c4.sentences", "it has few sentences after its lines were looked at", Sentences, double.PositiveInfinity, SentencesOf),
        new("c4.lorem_ipsum", "it has text that only fills space (lorem ipsum)", 0, 0,
            t => t.Text.Contains("lorem ipsum", StringComparison.OrdinalIgnoreCase) ? 1 : 0),
        new("c4.braces", "it has curly brackets, as code has", 0, 0, t => t.Text.Count(c => c == '{')),
        new("c4.banned", "it has words that it must not have", 0, 0, t => Banned.Count == 0 ? 0 : t.Units.Count(Banned.Contains)),
    ];

    /// <summary>Ends of sentences; several in a row are one.</summary>
    static double SentencesOf(MeasuredText t)
    {
        var (count, inside) = (0, false);
        foreach (var c in t.Text)
        {
            var ends = c is '.' or '!' or '?' or '。' or '！' or '？' or '…';
            if (ends && inside) count++;
            inside = !ends && (inside || char.IsLetterOrDigit(c));
        }
        return count;
    }
}
