using System.Globalization;

namespace Dayu.Training;

/// <summary>Where runs lie, each in a folder of its own.</summary>
/// <param name="folder">It need not exist before a run is made.</param>
public sealed class RunStore(string folder)
{
    /// <summary>Where they lie.</summary>
    public string Folder => folder;

    /// <summary>All runs, by name.</summary>
    public IEnumerable<RunFolder> Runs => !Directory.Exists(folder) ? []
        : Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(d => new RunFolder(d)).Where(r => r.Exists);

    /// <summary>The run of that name; null: there is none.</summary>
    public RunFolder? Find(string name) => IsName(name) && new RunFolder(Path.Combine(folder, name)) is { Exists: true } run ? run : null;

    /// <summary>The checkpoint that <c>NAME</c> (its newest) or <c>NAME@STEP</c> means; null: there is none.</summary>
    public string? Checkpoint(string name)
    {
        var at = name.LastIndexOf('@');
        if (at < 0) return Find(name)?.Newest;
        return Find(name[..at]) is { } run && long.TryParse(name[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var step)
            && run.Checkpoints.Contains(step) ? run.Checkpoint(step) : null;
    }

    /// <summary>A folder for a new run, made here and now: of that name, or <c>PREFIX-0007</c>.</summary>
    /// <param name="name">null: the next free number after the prefix.</param>
    /// <param name="prefix">What it is about.</param>
    /// <exception cref="RunException">There is one of that name, or it is no name.</exception>
    public RunFolder Create(string? name, string prefix)
    {
        if (name is not null && !IsName(name))
            throw new RunException($"'{name}' is no name for a run: letters, digits, '-', '_' and '.', no '@', no '/'");
        for (var n = 1; ; n++)
        {
            var run = new RunFolder(Path.Combine(folder, name ?? $"{NameOf(prefix)}-{n:D4}"));
            if (run.Claim()) return run;
            if (name is not null)
                throw new RunException($"there is a run called {name} in {folder}; go on with it, or take another name");
        }
    }

    static bool IsName(string name) => name.Length is > 0 and <= 100 && name[0] != '.' && name.All(MayBeInName);

    static bool MayBeInName(char c) => char.IsLetterOrDigit(c) || c is '-' or '_' or '.';

    /// <summary>A name made of whatever a file is called.</summary>
    public static string NameOf(string prefix)
    {
        var name = string.Concat(prefix.Take(80).Select(c => MayBeInName(c) ? c : '-')).TrimStart('.');
        return name.Length == 0 ? "run" : name;
    }
}

/// <summary>A run cannot be made, or cannot be gone on with.</summary>
public sealed class RunException(string message, Exception? inner = null) : Exception(message, inner);
