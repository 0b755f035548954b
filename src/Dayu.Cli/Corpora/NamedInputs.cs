using System.CommandLine;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Files, folders and patterns of the command line; some with the name of the source that they make.</summary>
sealed class NamedInputs
{
    public readonly Argument<string[]> Paths = new("path") { Arity = ArgumentArity.ZeroOrMore };

    readonly Option<string[]?> named = new("--source") { HelpName = "name=path" };

    public IEnumerable<Symbol> All => [Paths, named];

    /// <summary>What they mean.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="withIds">Whether files of token ids can be read.</param>
    /// <exception cref="CliError">Nothing is named, or something is not there.</exception>
    public CorpusInputs Find(CommandContext call, bool withIds = false)
    {
        var names = new Dictionary<string, string>();
        foreach (var said in call.Get(named) ?? [])
        {
            var at = said.IndexOf('=');
            if (at < 1 || at == said.Length - 1) throw new CliError(2018, named.Name, said, "name=path", "dayu data prepare");
            names[Full(call, said[(at + 1)..])] = said[..at];
        }
        string[] paths = [.. (call.Get(Paths) ?? []).Select(p => Full(call, p)), .. names.Keys];
        if (paths.Length == 0) throw new CliError(2019, Paths.Name, "dayu data prepare");
        foreach (var path in paths.Where(p => !Path.Exists(p) && p.AsSpan().IndexOfAny('*', '?') < 0)) InputFile.Check(path, "PATH");
        var found = CorpusInputs.Find(paths.Distinct(), names.GetValueOrDefault, withIds);
        if (found.Files.FirstOrDefault(f => !CorpusFile.Knows(f.Path) && !(withIds && IdText.Knows(f.Path))) is { } unknown)
            throw IdText.Knows(unknown.Path) ? new CliError(2124, unknown.Path)
                : new CliError(2123, unknown.Path, string.Join(", ", CorpusFile.Formats), string.Join(", ", Packing.Suffixes));
        if (found.Left.Count > 0) call.Out.Note(call.Say.Text("data.left", found.Left.Count, Path.GetFileName(found.Left[0])));
        return found;
    }

    static string Full(CommandContext call, string path) => Path.GetFullPath(Path.Combine(call.Terminal.Folder, path));
}
