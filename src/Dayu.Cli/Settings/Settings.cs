namespace Dayu.Cli;

/// <summary>
/// What is set, and where: an option wins over the environment, that over <c>./dayu.json</c>, that over the user's file, that over
/// the default. <c>--config</c> names one file instead of these two.
/// </summary>
/// <param name="terminal">The world outside.</param>
/// <param name="args">The command line, for options that must be known before it is parsed.</param>
sealed class Settings(Terminal terminal, string[] args)
{
    const string Name = "dayu";

    readonly List<Exception> faults = [];
    readonly HashSet<Setting> faulty = [];
    List<ConfigFile>? files;

    /// <summary>A value and where it was said: an option, a variable, a file; null: nowhere, it is the default.</summary>
    public sealed record Found(string Value, string? Origin, string? Folder = null);

    /// <summary>The user's own file.</summary>
    public string UserFile { get; } = Path.Combine(Base(terminal, "XDG_CONFIG_HOME", "APPDATA", ".config"), Name, "config.json");

    /// <summary>The folder that stands in for HOME where that is needed and not set; null: it is set, or not needed.</summary>
    public string? HomeInstead => OperatingSystem.IsWindows() || terminal.Variable("HOME") is not null
        || (HasData && terminal.Variable("XDG_CONFIG_HOME") is not null) ? null : terminal.Home;

    bool HasData => Find(Setting.DataFolder) is not null || terminal.Variable("XDG_DATA_HOME") is not null;

    /// <summary>The project's file.</summary>
    public string ProjectFile { get; } = Path.Combine(terminal.Folder, $"{Name}.json");

    /// <summary>The file that <c>--config</c> names, in place of both.</summary>
    public string? NamedFile { get; } = Flag(args, "--config") is { } named ? Path.Combine(terminal.Folder, named) : null;

    /// <summary>Where this program keeps what lasts.</summary>
    public string DataFolder => Find(Setting.DataFolder) is { } said
        ? Path.GetFullPath(Path.Combine(said.Folder ?? terminal.Folder, Home(said.Value)))
        : Path.Combine(Base(terminal, "XDG_DATA_HOME", "LOCALAPPDATA", Path.Combine(".local", "share")), Name);

    /// <summary>What is said of a setting; null: nothing, and there is no default.</summary>
    /// <exception cref="CliError">A file is not as it should be.</exception>
    public Found? Find(Setting setting) =>
        (faulty.Contains(setting) ? null : Said(setting) ?? Files.Select(f => f.Find(setting)).FirstOrDefault(f => f is not null))
        ?? (setting.Default is { } value ? new(value, null) : null);

    /// <summary>What <see cref="LeaveOutFaults"/> left out.</summary>
    public IReadOnlyList<Exception> Faults => faults;

    /// <summary>Goes on with what is sound: files and values that are not as they should be count as absent.</summary>
    public void LeaveOutFaults()
    {
        files = [];
        foreach (var path in Paths) Try(() => files.Add(Read(path)));
        foreach (var setting in Setting.Known)
            if (!Try(() => Text(setting))) faulty.Add(setting);

        bool Try(Action read)
        {
            try { read(); return true; }
            catch (Exception e) when (e is CliError or IOException or UnauthorizedAccessException)
            {
                faults.Add(e);
                return false;
            }
        }
    }

    /// <summary>The same, for what must be known even where a file is broken: which language and colours complaints have.</summary>
    public string? Lenient(Setting setting)
    {
        try { return Find(setting)?.Value; }
        catch (Exception e) when (e is CliError or IOException or UnauthorizedAccessException)
        {
            return Said(setting)?.Value ?? setting.Default;
        }
    }

    /// <exception cref="CliError">What is said is no such value.</exception>
    public string? Text(Setting setting)
    {
        if (Find(setting) is not { } found) return null;
        if (found.Origin is { } o) setting.Check(found.Value, o == setting.Variable ? new Phrase("origin.variable", o) : o);
        return found.Value;
    }

    /// <summary>A whole number above 0.</summary>
    public int? Count(Setting setting) => Text(setting) is { } text && Numbers.TryWhole(text, out var n) ? n : null;

    public float? Real(Setting setting) => Text(setting) is { } text && Numbers.TryReal(text, out var x) ? (float)x : null;

    /// <summary>What options that are read ahead, and the environment, say.</summary>
    Found? Said(Setting setting)
    {
        if (setting.Option is "--lang" or "--data-dir" && Flag(args, setting.Option) is { } flag) return new(flag, setting.Option);
        return setting.Variable is { } variable && terminal.Variable(variable) is { } value ? new(value, variable) : null;
    }

    /// <summary>Files that there are, the strongest first.</summary>
    List<ConfigFile> Files => files ??= [.. Paths.Select(Read)];

    IEnumerable<string> Paths => NamedFile is not null ? [NamedFile] : ((string[])[ProjectFile, UserFile]).Where(File.Exists);

    ConfigFile Read(string path)
    {
        if (path == NamedFile) InputFile.CheckFile(path, "--config");
        return ConfigFile.Read(path, isProject: path == ProjectFile && NamedFile is null);
    }

    static string Base(Terminal terminal, string xdg, string windows, string below) =>
        terminal.Variable(xdg)
        ?? (OperatingSystem.IsWindows() ? terminal.Variable(windows) : null)
        ?? Path.Combine(terminal.Variable("HOME") ?? terminal.Home ?? terminal.Folder, below);

    string Home(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal) && terminal.Variable("HOME") is { } home ? Path.Combine(home, path[2..]) : path;

    /// <summary>What an option with a value says, by looking at the words only.</summary>
    static string? Flag(string[] args, string name)
    {
        for (var i = 0; i < args.Length && args[i] != "--"; i++)
            if (args[i].StartsWith(name + "=", StringComparison.Ordinal)) return args[i][(name.Length + 1)..];
            else if (args[i] == name && i + 1 < args.Length) return args[i + 1];
        return null;
    }
}
