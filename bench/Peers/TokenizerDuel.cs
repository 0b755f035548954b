using System.Globalization;
using System.Text.RegularExpressions;
using Dayu.Inference;

namespace Dayu.Bench;

/// <summary>Dayu's tokenizers before and after the peers' on the same texts, one thread, MB/s.</summary>
internal static partial class TokenizerDuel
{
    /// <summary>What the peers call a vocabulary, and the file that we read it from.</summary>
    static readonly (string Name, string[] Theirs, string File)[] vocabularies =
    [
        ("gpt2", ["gpt2", "r50k"], "gpt2.tokenizer.json"),
        ("cl100k", ["cl100k"], "cl100k_base.tiktoken"),
        ("Qwen2.5", ["qwen2"], "qwen2_5.tokenizer.json"),
        ("Llama 3", ["llama3"], "llama3.tokenizer.json"),
    ];

    /// <summary>
    /// The table, in Markdown; null, and a line that says why, where texts or peers are absent. The texts are those of
    /// the peers' folder, or DAYU_TEXTS=en.txt,zh.txt.
    /// </summary>
    public static string? Table(Programs programs)
    {
        var texts = (Environment.GetEnvironmentVariable("DAYU_TEXTS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (texts is not [var english, var chinese])
        {
            Console.Error.WriteLine("tokenizers are left out: "
                + "name an English and a Chinese text (DAYU_TEXTS=en.txt,zh.txt), about 1 MB each");
            return null;
        }
        var ours = vocabularies.Where(v => programs.Shared("fixtures", "tokenizers", v.File) is not null).ToArray();
        var before = Ours(programs, ours, english, chinese);
        if (programs.PeerLines("tokenizers", Path.GetFullPath(english), Path.GetFullPath(chinese)) is not { } lines) return null;
        var after = Ours(programs, ours, english, chinese);
        PeerRate[] theirs = [.. lines.Select(l => PeerLine().Match(l)).Where(m => m.Success).Select(PeerRate.Of)];
        List<string> rows = [];
        foreach (var v in ours)
            foreach (var language in (string[])["en", "zh"])
            {
                var (a, b) = (before[(v.Name, language)], after[(v.Name, language)]);
                bool IsRival(PeerRate t) =>
                    t.Language == language && v.Theirs.Any(n => t.Name.Contains(n, StringComparison.OrdinalIgnoreCase));
                if (theirs.Where(IsRival).MaxBy(t => t.Rate) is not { } best) continue;
                var (cold, warm) = (Statistics.Of([a.Cold, b.Cold]).Median, Statistics.Of([a.Warm, b.Warm]).Median);
                rows.Add($"| {v.Name} | {language} | {warm:F0} | {cold:F0} | {best.Rate:F1} ({best.Name}) | "
                    + $"{warm / best.Rate:F1} | {cold / best.Rate:F1} |");
            }
        const string head = "| vocabulary | text | warm, MB/s | cold, MB/s | fastest peer, warm, MB/s | warm ratio | cold ratio |";
        return "One thread, the best pass; ours measured before and after the peers.\n\n"
            + $"{head}\n|---|---|---|---|---|---|---|\n{string.Join('\n', rows)}";
    }

    sealed record PeerRate(string Name, string Language, double Rate)
    {
        public static PeerRate Of(Match m) =>
            new(m.Groups[1].Value.Trim(), m.Groups[2].Value, double.Parse(m.Groups[3].Value, CultureInfo.InvariantCulture));
    }
    static Dictionary<(string, string), (double Cold, double Warm)> Ours(Programs programs,
        (string Name, string[] Theirs, string File)[] all, string english, string chinese)
    {
        Dictionary<(string, string), (double, double)> rates = [];
        foreach (var v in all)
            foreach (var (language, text) in ((string, string)[])[("en", english), ("zh", chinese)])
            {
                var speed = TokenizerBench.Measure(programs.Shared("fixtures", "tokenizers", v.File)!,
                    TokenizerBench.First(File.ReadAllText(text)));
                rates[(v.Name, language)] = (speed.Cold.Wall, speed.Warm.Wall);
            }
        return rates;
    }

    [GeneratedRegex(@"^(.*\S)\s+(en|zh)\s+([\d.]+) MB/s")]
    private static partial Regex PeerLine();
}
