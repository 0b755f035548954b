using System.Globalization;
using System.Text;

namespace Dayu.Training;

/// <summary>Where runs lie, each in a folder of its own.</summary>
/// <param name="folder">It need not exist before a run is made.</param>
public sealed class RunStore(string folder)
{
    /// <summary>Bytes of a name in UTF-8 at most: file systems allow 255, and other programs put something before or behind it.</summary>
    public const int LongestName = 200;

    /// <summary>What folders are called that are no runs: one is measured in, one is being removed.</summary>
    internal const string Plan = ".plan-", Gone = ".gone-";

    /// <summary>Where they lie.</summary>
    public string Folder => folder;

    /// <summary>All runs, by name.</summary>
    public IEnumerable<RunFolder> Runs => Folders("*").Where(d => Path.GetFileName(d)[0] != '.').Order(StringComparer.Ordinal)
        .Select(d => new RunFolder(d)).Where(r => r.Exists);

    /// <summary>The run of that name; null: there is none.</summary>
    public RunFolder? Find(string name) => IsName(name) && Of(name) is { Exists: true } run ? run : null;

    /// <summary>A run's name and what stands behind the <c>@</c>; null: nothing does.</summary>
    public static (string Run, string? Step) Parts(string name) =>
        name.LastIndexOf('@') is >= 0 and var at ? (name[..at], name[(at + 1)..]) : (name, null);

    /// <summary>The checkpoint that <c>NAME</c> (its newest) or <c>NAME@STEP</c> means; null: there is none.</summary>
    public RunCheckpoint? Checkpoint(string name)
    {
        var (named, said) = Parts(name);
        if (Find(named) is not { } run) return null;
        if (said is null) return run.Checkpoints is [.., var last] ? new(run, last) : null;
        return long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var step) && run.Checkpoints.Contains(step)
            ? new(run, step) : null;
    }

    /// <summary>Whether a new run can be called so; nothing is made yet.</summary>
    /// <exception cref="RunException">There is one of that name, or it is no name.</exception>
    public void Check(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) is > LongestName and var bytes)
            throw new RunException(RunFault.Name,
                $"'{name}' is no name for a run: it has {bytes} bytes in UTF-8, expected at most {LongestName}", name);
        if (!IsName(name))
            throw new RunException(RunFault.Name,
                $"'{name}' is no name for a run: letters, digits, '-', '_' and '.', no '.' at the beginning, no '@', no '/'", name);
        if (!Of(name).IsFree) throw Taken(name);
    }

    /// <summary>A folder for a new run, made and held here and now: of that name, or <c>PREFIX-0007</c>.</summary>
    /// <param name="name">null: the next free number after the prefix.</param>
    /// <param name="prefix">What it is about.</param>
    /// <exception cref="RunException">There is one of that name, or it is no name.</exception>
    public RunFolder Create(string? name, string prefix)
    {
        if (name is not null) Check(name);
        for (var n = 1; ; n++)
        {
            var run = Of(name ?? NameOf(prefix, $"-{n:D4}"));
            if (run.Claim()) return run;
            if (name is not null) throw Taken(name);
        }
    }

    /// <summary>A folder to try something in, held; whoever has it removes it. What killed processes left of such folders goes.</summary>
    public RunFolder Scratch()
    {
        foreach (var left in (string[])[.. Folders(Plan + "*"), .. Folders(Gone + "*")])
            try { new RunFolder(left).Remove(); }
            catch (Exception e) when (e is RunException or IOException or UnauthorizedAccessException) { }   // somebody is at it
        for (; ; )
            if (Of($"{Plan}{Guid.NewGuid():N}") is var run && run.Claim()) return run;
    }

    RunFolder Of(string name) => new(Path.Combine(folder, name));

    string[] Folders(string pattern) => Directory.Exists(folder) ? Directory.GetDirectories(folder, pattern) : [];

    RunException Taken(string name) => new(RunFault.Taken, $"there is a run called {name} in {folder}", name);

    static bool IsName(string name) => name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= LongestName && name[0] != '.'
        && name.EnumerateRunes().All(MayBeInName);

    static bool MayBeInName(Rune c) => Rune.IsLetterOrDigit(c) || c.Value is '-' or '_' or '.';

    /// <summary>A name made of whatever a file is called, cut where it would be too long.</summary>
    /// <param name="prefix">What it is made of.</param>
    /// <param name="suffix">What stands behind it, whole.</param>
    public static string NameOf(string prefix, string suffix = "")
    {
        var (name, left) = (new StringBuilder(), LongestName - Encoding.UTF8.GetByteCount(suffix));
        foreach (var c in prefix.EnumerateRunes())
        {
            var sign = MayBeInName(c) ? c : new('-');
            if (name.Length == 0 && sign.Value == '.') continue;
            if ((left -= sign.Utf8SequenceLength) < 0) break;
            name.Append(sign.ToString());
        }
        return (name.Length == 0 ? "run" : name.ToString()) + suffix;
    }
}
