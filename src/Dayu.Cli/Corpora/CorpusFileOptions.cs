using System.CommandLine;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>How documents lie in files.</summary>
sealed class CorpusFileOptions
{
    const int MostMegabytes = 512;

    readonly Option<string?> member = new("--field") { HelpName = "name" }, separator = new("--separator") { HelpName = "line" };
    readonly Option<int?> largest = new("--max-mb") { HelpName = "n" };

    public IEnumerable<Symbol> All => [member, separator, largest];

    /// <summary>What is asked for.</summary>
    public CorpusOptions Of(CommandContext call)
    {
        var plain = new CleaningOptions().Corpus;
        var megabytes = call.Get(largest);
        if (megabytes is < 1) throw new CliError(2006, call.Say.Text("not-positive", largest.Name, megabytes));
        if (megabytes > MostMegabytes) throw new CliError(2006, call.Say.Text("too-large", largest.Name, megabytes, MostMegabytes));
        return plain with
        {
            Field = call.Get(member) ?? plain.Field, Separator = call.Get(separator),
            MaxBytes = megabytes * 1_000_000 ?? plain.MaxBytes,
        };
    }
}
