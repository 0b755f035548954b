using System.CommandLine;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>What documents must be like to stay.</summary>
sealed class CleaningChoice
{
    const string All = "all";

    readonly CorpusFileOptions files = new();
    readonly Option<string?> quality = new("--quality"), languages = new("--languages") { HelpName = "a,b" };
    readonly Option<double?> similarity = new("--similarity") { HelpName = "share" }, held = new("--held") { HelpName = "share" };
    readonly Option<int?> ngram = new("--ngram") { HelpName = "n" };

    public CleaningChoice() => quality.AcceptOnlyFromAmong([.. Enum.GetNames<QualityRules>().Select(n => n.ToLowerInvariant())]);

    public IEnumerable<Symbol> Symbols => [.. files.All, quality, languages, similarity, held, ngram];

    /// <summary>What is asked for.</summary>
    /// <exception cref="CliError">A number, or a language, is none that can be.</exception>
    public CleaningOptions Of(CommandContext call)
    {
        var plain = new CleaningOptions();
        return plain with
        {
            Corpus = files.Of(call),
            Quality = call.Get(quality) is { } named ? Enum.Parse<QualityRules>(named, ignoreCase: true) : plain.Quality,
            Languages = Languages(call) ?? plain.Languages,
            Similarity = Share(call, similarity, above: true, upTo: 1) ?? plain.Similarity,
            Held = Share(call, held, above: false, upTo: 0.9) ?? plain.Held,
            Ngram = call.Get(ngram) is < 1 and var n ? throw new CliError(2006, call.Say.Text("not-positive", ngram.Name, n))
                : call.Get(ngram) ?? plain.Ngram,
        };
    }

    string[]? Languages(CommandContext call)
    {
        if (call.Get(languages) is not { } said) return null;
        if (said == All) return [];
        var named = Setting.Items(said);
        var known = string.Join(", ", [.. CorpusLanguages.All, All]);
        return named.FirstOrDefault(l => !CorpusLanguages.All.Contains(l)) is { } unknown
            ? throw new CliError(2018, languages.Name, unknown, known, "dayu data prepare") : named;
    }

    static double? Share(CommandContext call, Option<double?> option, bool above, double upTo)
    {
        if (call.Get(option) is not { } share) return null;
        return share <= upTo && (above ? share > 0 : share >= 0) ? share
            : throw new CliError(2006, call.Say.Text("out-of-range", option.Name, share, 0, upTo));
    }
}
