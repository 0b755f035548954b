namespace Dayu.Cli;

/// <summary>Models at hand: by path, in the data folder, in the current folder.</summary>
/// <param name="terminal">Tells where these are.</param>
sealed class ModelStore(Terminal terminal)
{
    /// <summary>A model that was found.</summary>
    /// <param name="Name">What it is called by.</param>
    /// <param name="Path">Where it is.</param>
    public sealed record Found(string Name, string Path);

    /// <summary>Where this program keeps what lasts: DAYU_DATA_DIR, else the user's data folder.</summary>
    public string DataFolder { get; } = terminal.Variable("DAYU_DATA_DIR") ?? Path.Combine(
        terminal.Variable("XDG_DATA_HOME") ?? (OperatingSystem.IsWindows() ? terminal.Variable("LOCALAPPDATA") : null) ?? Path.Combine(terminal.Variable("HOME") ?? terminal.Folder, ".local", "share"), "dayu");

    /// <summary>The folder of stored models.</summary>
    public string Folder => Path.Combine(DataFolder, "models");

    /// <summary>Every model at hand, by name: stored ones by their names, those of the current folder by their files'.</summary>
    public IEnumerable<Found> All()
    {
        if (Directory.Exists(Folder))
            foreach (var path in Directory.EnumerateFileSystemEntries(Folder).Where(IsModel).Order(StringComparer.Ordinal)) yield return new(NameOf(path), path);
        if (Directory.Exists(terminal.Folder))
            foreach (var path in Directory.EnumerateFiles(terminal.Folder, "*.gguf").Order(StringComparer.Ordinal)) yield return new(Path.GetFileName(path), path);
    }

    static bool IsModel(string path) => Directory.Exists(path) ? File.Exists(Path.Combine(path, "config.json")) : Path.GetExtension(path) is ".gguf" or ".bin" or ".safetensors" && !Path.GetFileName(path).StartsWith("tok", StringComparison.Ordinal);

    static string NameOf(string path) => Directory.Exists(path) ? Path.GetFileName(path) : Path.GetFileNameWithoutExtension(path);

    /// <summary>The path of a model that is called so; null where there is none.</summary>
    public string? Find(string name)
    {
        var path = Path.Combine(terminal.Folder, name);
        if (Path.Exists(path)) return name == "" ? null : path;
        return All().FirstOrDefault(m => m.Name == name)?.Path;
    }

    /// <summary>Whether a word was meant as a model, though there is none of that name.</summary>
    public static bool LooksLikeModel(string word) =>
        !word.Any(char.IsWhiteSpace) && (word.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) || word.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) || word.EndsWith(".bin", StringComparison.OrdinalIgnoreCase));

    /// <summary>The path of the model that is called so, or an error that says which there are.</summary>
    /// <exception cref="Complaint">None is named, or there is none of that name.</exception>
    public string Resolve(string? name, Strings say)
    {
        name ??= terminal.Variable("DAYU_MODEL") ?? throw new Complaint(3002, AtHand(say));
        if (Find(name) is { } path) return path;
        throw Mistakes.Closest(name, All().Select(m => m.Name)) is { } meant ? new(3004, name, meant) : new Complaint(3001, name, AtHand(say));
    }

    string AtHand(Strings say)
    {
        var names = All().Select(m => m.Name).Take(9).ToArray();
        return names.Length == 0 ? say.Text("none-at-hand", Folder) : say.Text("at-hand", string.Join(", ", names.Take(8)) + (names.Length > 8 ? ", …" : ""));
    }
}
