using System.CommandLine;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>What a new tokenizer is to be like.</summary>
sealed class TokenizerTrainingOptions
{
    const string None = "none";

    readonly Option<int?> vocab = new("--vocab") { HelpName = "n" }, minFrequency = new("--min-frequency") { HelpName = "n" };
    readonly Option<int?> spare = new("--spare") { HelpName = "n" }, threads = new("--threads", "-t") { HelpName = "n" };
    readonly Option<double?> coverage = new("--coverage") { HelpName = "share" };
    readonly Option<string?> kind = new("--kind"), pattern = new("--pattern"), digits = new("--digits"), han = new("--han"),
        normalize = new("--normalize");
    readonly Option<string[]?> control = new("--control") { HelpName = "token" };

    public TokenizerTrainingOptions()
    {
        kind.AcceptOnlyFromAmong(Names<TokenizerKind>());
        pattern.AcceptOnlyFromAmong(Names<SplitPattern>());
        digits.AcceptOnlyFromAmong(Names<DigitGroups>());
        han.AcceptOnlyFromAmong("merged", "alone");
        normalize.AcceptOnlyFromAmong(Names<UnicodeForm>());
    }

    public IEnumerable<Symbol> All =>
        [vocab, kind, pattern, digits, han, normalize, minFrequency, coverage, control, spare, threads];

    /// <summary>What is asked for.</summary>
    /// <exception cref="CliError">A number is none that can be.</exception>
    public TokenizerTraining Of(CommandContext call)
    {
        var plain = new TokenizerTraining();
        return new()
        {
            Kind = Named<TokenizerKind>(call.Get(kind)) ?? plain.Kind,
            VocabularySize = Positive(call, vocab) ?? plain.VocabularySize,
            Pattern = Pattern(call) ?? plain.Pattern,
            Digits = Named<DigitGroups>(call.Get(digits)) ?? plain.Digits,
            HanAlone = call.Get(han) == "alone",
            Form = Named<UnicodeForm>(call.Get(normalize)),
            MinFrequency = Positive(call, minFrequency) ?? plain.MinFrequency,
            Coverage = Coverage(call) ?? plain.Coverage,
            Control = [.. Control(call), .. ControlTokens.Spare(Spare(call))],
            Threads = call.Get(threads, Setting.Threads) ?? 0,
        };
    }

    /// <summary>WordPiece and unigram have their own ways to cut.</summary>
    SplitPattern? Pattern(CommandContext call)
    {
        var isBpe = (Named<TokenizerKind>(call.Get(kind)) ?? TokenizerKind.Bpe) == TokenizerKind.Bpe;
        if (call.Get(pattern) is not null && !isBpe) throw new CliError(2096, pattern.Name, call.Get(kind)!);
        return Named<SplitPattern>(call.Get(pattern));
    }

    string[] Control(CommandContext call)
    {
        var said = call.Get(control) ?? [];
        if (said.Length == 0) return [.. ControlTokens.Chat];
        if (said is [None]) return [];
        var bad = said.FirstOrDefault(t => t.Length is < 2 or > AddedToken.MaxLength);
        return bad is null ? said : throw new CliError(2097, bad.Length, AddedToken.MaxLength);
    }

    int Spare(CommandContext call) => call.Get(spare) switch
    {
        null => ControlTokens.Spares,
        >= 0 and var n => n,
        var n => throw new CliError(2006, call.Say.Text("not-positive", spare.Name, n)),
    };

    static int? Positive(CommandContext call, Option<int?> option) =>
        call.Get(option) is < 1 and var n ? throw new CliError(2006, call.Say.Text("not-positive", option.Name, n)) : call.Get(option);

    double? Coverage(CommandContext call) => call.Get(coverage) switch
    {
        null => null,
        > 0 and <= 1 and var share => share,
        { } other => throw new CliError(2006, call.Say.Text("tokenizer.train.share", coverage.Name, other)),
    };

    static string[] Names<T>() where T : struct, Enum => [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];

    static T? Named<T>(string? name) where T : struct, Enum => name is null ? null : Enum.Parse<T>(name, ignoreCase: true);
}
