using System.CommandLine;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Which recipes are trained one after another: every combination of values, each with several seeds.</summary>
sealed class SweepOptions
{
    const int LongestInName = 16;

    static readonly Dictionary<string, string> shortcuts = new() { ["lr"] = "schedule.rate" };

    readonly Option<string[]> sweep = new("--sweep") { HelpName = "path=a,b", AllowMultipleArgumentsPerToken = true };
    readonly Option<int?> seeds = new("--seeds") { HelpName = "n" };

    public IEnumerable<Symbol> All => [sweep, seeds];

    /// <summary>Which of them were given, by name.</summary>
    public IEnumerable<string> Asked(CommandContext call) => All.Where(call.IsGiven).Select(s => s.Name);

    /// <summary>The settings, the last path changing fastest; seeds within each.</summary>
    /// <param name="call">Who asked.</param>
    /// <param name="firstSeed">The recipe's own.</param>
    /// <exception cref="CliError">What is said is no list of values.</exception>
    public IReadOnlyList<SweepSetting> Read(CommandContext call, ulong firstSeed)
    {
        SweepPath[] paths = [.. (call.Get(sweep) ?? []).Select(Path)];
        if (call.Get(seeds) is { } n)
        {
            if (n < 1) throw new CliError(2006, call.Say.Text("not-positive", seeds.Name, n));
            if (paths.Any(p => p.Name == SweepSetting.Seed)) throw new CliError(2064, sweep.Name, seeds.Name);
            paths = [.. paths, new("seed", "seed", [.. Enumerable.Range(0, n).Select(i => $"{firstSeed + (ulong)i}")])];
        }
        if (paths.GroupBy(p => p.Name).FirstOrDefault(g => g.Skip(1).Any()) is { } twice) throw new CliError(2089, twice.Key);
        IEnumerable<SweepSetting> all = [new([], "")];
        foreach (var path in paths)
            all = all.SelectMany(s => path.Values.Select((v, i) => s.With(path.Name, v, InName(path, paths, v, i))));
        return [.. all];
    }

    static SweepPath Path(string said)
    {
        if (said.IndexOf('=') is not (> 0 and var at)) throw new CliError(2089, said);
        var (label, values) = (said[..at], Values(said[(at + 1)..]).ToArray());
        if (values.Any(v => v.Length == 0)) throw new CliError(2089, said);
        return new(shortcuts.GetValueOrDefault(label, label), label, values);
    }

    /// <summary>Between commas, but for those of lists, objects and texts of JSON.</summary>
    static IEnumerable<string> Values(string text)
    {
        var (start, depth, quoted) = (0, 0, false);
        for (var i = 0; i < text.Length; i++)
            switch (text[i])
            {
                case '"' when i == 0 || text[i - 1] != '\\': quoted = !quoted; break;
                case '[' or '{' when !quoted: depth++; break;
                case ']' or '}' when !quoted: depth--; break;
                case ',' when !quoted && depth == 0:
                    yield return text[start..i].Trim();
                    start = i + 1;
                    break;
            }
        yield return text[start..].Trim();
    }

    /// <summary>lr1e-3; the whole path where its last word is not enough; a number in place of a value too long for a name.</summary>
    static string InName(SweepPath path, SweepPath[] all, string value, int i)
    {
        var last = Last(path.Label);
        var label = all.Count(p => Last(p.Label) == last) > 1 ? path.Label : last;
        var text = RunStore.NameOf(value);
        return $"-{RunStore.NameOf(label)}{(text.Length <= LongestInName ? text : $"{i + 1}")}";
    }

    static string Last(string label) => label[(label.LastIndexOf('.') + 1)..];

    sealed record SweepPath(string Name, string Label, string[] Values);
}

/// <summary>One recipe of a sweep.</summary>
/// <param name="Values">What it sets, by path.</param>
/// <param name="Suffix">Of its run's name.</param>
sealed record SweepSetting(IReadOnlyList<KeyValuePair<string, string>> Values, string Suffix)
{
    public const string Seed = "seed";

    public SweepSetting With(string path, string value, string suffix) => new([.. Values, new(path, value)], Suffix + suffix);

    /// <summary>What it shares with those that differ from it by their seed only.</summary>
    public IEnumerable<KeyValuePair<string, string>> WithoutSeed => Values.Where(v => v.Key != Seed);
}
