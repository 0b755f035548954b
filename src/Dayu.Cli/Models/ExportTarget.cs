using Dayu.Models;

namespace Dayu.Cli;

/// <summary>Where a model is written to: a GGUF file, or a folder.</summary>
/// <param name="Path">All of it.</param>
sealed record ExportTarget(string Path)
{
    /// <summary>Whether it is one file.</summary>
    public bool IsGguf => Path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);

    /// <summary>The target that an option names, if it may be written.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="name">The option's value.</param>
    /// <param name="from">What is exported.</param>
    /// <exception cref="CliError">Something has the place that is not replaced.</exception>
    public static ExportTarget Of(CommandContext call, string name, ModelPlace from)
    {
        var target = new ExportTarget(
            System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(System.IO.Path.Combine(call.Terminal.Folder, name))));
        string?[] sources = [from.Path, from.Adapter];
        if (sources.OfType<string>().Any(s => target.Holds(System.IO.Path.GetFullPath(s)))) throw new CliError(2012, target.Path);
        if (target.IsGguf)
        {
            if (Directory.Exists(target.Path)) throw new CliError(2080, target.Path);
            WholeFile.CheckPlace(target.Path);
        }
        else if (File.Exists(target.Path)) throw new CliError(2757, target.Path);
        else if (Directory.Exists(target.Path) && !IsModel(target.Path)) throw new CliError(2758, target.Path);
        if (System.IO.Path.Exists(target.Path) && !call.Yes && !IsEmpty(target.Path)) throw new CliError(2005, target.Path);
        return target;
    }

    bool Holds(string source) =>
        source == Path || source.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Whether a folder is one that may go: a model or an adapter without folders of its own, or nothing.</summary>
    static bool IsModel(string folder) => IsEmpty(folder) || !Directory.EnumerateDirectories(folder).Any()
        && (File.Exists(System.IO.Path.Combine(folder, "config.json")) || AdapterConfig.IsAlone(folder));

    static bool IsEmpty(string path) => Directory.Exists(path) && !Directory.EnumerateFileSystemEntries(path).Any();
}
