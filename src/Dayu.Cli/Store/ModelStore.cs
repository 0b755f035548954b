namespace Dayu.Cli;

/// <summary>Models at hand: by path, in the store, in the current folder. The store is a folder of plain files; what is put there by hand is a model like any other.</summary>
/// <param name="terminal">Tells where the current folder is.</param>
/// <param name="settings">Tell where the store is.</param>
sealed class ModelStore(Terminal terminal, Settings settings)
{
    const int Deepest = 3;                                           // owner/name, and one more

    /// <summary>A model that was found.</summary>
    /// <param name="Name">What it is called by.</param>
    /// <param name="Path">What is opened.</param>
    /// <param name="Root">The file or folder that is the model; null: it is not in the store.</param>
    public sealed record Found(string Name, string Path, string? Root = null);

    /// <summary>Where this program keeps what lasts.</summary>
    public string DataFolder => settings.DataFolder;

    /// <summary>The folder of stored models.</summary>
    public string Folder => Path.Combine(DataFolder, "models");

    /// <summary>Where the store keeps locks, what is not finished, and what is about to be deleted.</summary>
    public string Workshop => Path.Combine(Folder, ".store");

    /// <summary>Every model at hand, by name: stored ones by their names, those of the current folder by their files'.</summary>
    public IEnumerable<Found> All() => Stored().Concat(Directory.Exists(terminal.Folder)
        ? Directory.EnumerateFiles(terminal.Folder, "*.gguf").Where(f => ModelName.PartOf(f) <= 1).Order(StringComparer.Ordinal).Select(path => new Found(Path.GetFileName(path), path)) : []);

    /// <summary>Models of the store.</summary>
    public IEnumerable<Found> Stored() => Directory.Exists(Folder) ? In(Folder, 1) : [];

    IEnumerable<Found> In(string folder, int depth)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(entry).StartsWith('.')) continue;
            if (Openable(entry) is { } path) yield return new(ModelName.Of(Path.GetRelativePath(Folder, entry)), path, entry);
            else if (depth < Deepest && Directory.Exists(entry) && new DirectoryInfo(entry).LinkTarget is null)
                foreach (var below in In(entry, depth + 1)) yield return below;
        }
    }

    /// <summary>What of it a model is opened by; null: it is none.</summary>
    public static string? Openable(string entry)
    {
        if (!Directory.Exists(entry)) return ModelName.IsFile(entry) && ModelName.PartOf(entry) <= 1 && !Path.GetFileName(entry).StartsWith("tok", StringComparison.Ordinal) ? entry : null;
        return File.Exists(Path.Combine(entry, "config.json")) ? entry : Directory.EnumerateFiles(entry, "*-00001-of-*.gguf").Order(StringComparer.Ordinal).FirstOrDefault();
    }

    /// <summary>The stored model of that name; letters may be large or small.</summary>
    public Found? Named(string name)
    {
        Found[] all = [.. Stored()];
        return all.FirstOrDefault(m => m.Name == name) ?? all.FirstOrDefault(m => m.Name.Equals(name.Replace('@', ':'), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The path of a model that is called so; null where there is none.</summary>
    public string? Find(string name)
    {
        if (name.Length == 0) return null;
        var path = Path.Combine(terminal.Folder, name);
        return Path.Exists(path) ? path : Named(name)?.Path ?? All().FirstOrDefault(m => m.Name == name)?.Path;
    }

    /// <summary>Whether a word was meant as a model, though there is none of that name.</summary>
    public static bool LooksLikeModel(string word) => !word.Any(char.IsWhiteSpace) && ModelName.IsFile(word);

    /// <summary>The path of the model that is called so, or an error that says which there are.</summary>
    /// <exception cref="CliError">None is named, or there is none of that name.</exception>
    public string Resolve(string? name, Strings say)
    {
        name ??= settings.Text(Setting.Model) ?? throw new CliError(3002, AtHand(say));
        return Find(name) ?? throw Unknown(name, say);
    }

    /// <summary>There is no model of that name, but perhaps one that was meant.</summary>
    public CliError Unknown(string name, Strings say) => Suggestions.Closest(name, All().Select(m => m.Name)) is { } meant ? new(3004, name, meant) : new(3001, name, AtHand(say));

    string AtHand(Strings say)
    {
        var names = All().Select(m => m.Name).Take(9).ToArray();
        return names.Length == 0 ? say.Text("none-at-hand", Folder) : say.Text("at-hand", string.Join(", ", names.Take(8)) + (names.Length > 8 ? ", …" : ""));
    }
}
