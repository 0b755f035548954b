using Dayu.Hub;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>A model that can be named.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Path">What is opened.</param>
/// <param name="Root">The file or folder that holds all of it.</param>
sealed record ModelAtHand(string Name, string Path, string Root);

/// <summary>Models that can be named: by their path, in the store, in the current folder.</summary>
/// <param name="terminal">Tells where the current folder is.</param>
/// <param name="settings">Tell where the store is.</param>
sealed class ModelsAtHand(Terminal terminal, Settings settings)
{
    /// <summary>Models that are kept.</summary>
    public ModelStore Store => new(Path.Combine(settings.DataFolder, "models"));

    /// <summary>Every model at hand: stored ones by their names, then those of the current folder by their files'.</summary>
    public IEnumerable<ModelAtHand> All() => Store.Models().Select(m => new ModelAtHand(m.Name, m.Path, m.Root)).Concat(OfFolder());

    IEnumerable<ModelAtHand> OfFolder()
    {
        if (!Directory.Exists(terminal.Folder)) return [];
        var files = Directory.EnumerateFiles(terminal.Folder, "*.gguf").Where(f => ModelName.PartOf(f) <= 1);
        return files.Order(StringComparer.Ordinal).Select(f => new ModelAtHand(Path.GetFileName(f), f, f));
    }

    /// <summary>The path of the model of that name; null where there is none.</summary>
    public string? Find(string name)
    {
        if (name.Length == 0) return null;
        var path = Path.Combine(terminal.Folder, name);
        return Path.Exists(path) ? path : Store.Find(name)?.Path ?? All().FirstOrDefault(m => m.Name == name)?.Path
            ?? RunsAtHand.Of(terminal, settings).Checkpoint(name)?.Path;
    }

    /// <summary>Whether a word was meant as a model, though there is none of that name.</summary>
    public static bool LooksLikeModel(string word) =>
        !word.Any(char.IsWhiteSpace) && (ModelName.IsFile(word) || KnownModels.Find(word) is not null);

    /// <summary>The path of the model of that name, else of the one that is set.</summary>
    /// <exception cref="CliError">None is named, or there is none of that name; it says which there are.</exception>
    public string Resolve(string? name, Strings say)
    {
        name ??= settings.Text(Setting.Model) ?? throw new CliError(3002, Known(say));
        if (Find(name) is { } path) return path;
        throw KnownModels.Find(name) is { } known ? new CliError(3005, known.Name, Units.Bytes(known.Bytes)) : Unknown(name, say);
    }

    /// <summary>There is no model of that name, but perhaps one that was meant.</summary>
    public CliError Unknown(string name, Strings say) =>
        Meant(name) is { } meant ? new(3004, name, meant) : new(3001, name, Known(say));

    /// <summary>The model at hand that was probably meant; null: none.</summary>
    public string? Meant(string name) => Spelling.Closest(name, All().Select(m => m.Name));

    /// <summary>There is no model at all: how to come by one.</summary>
    public string NoneAtHand(Strings say)
    {
        var first = KnownModels.All[0];
        return say.Text("none-at-hand", Store.Folder, first.Name, Units.Bytes(first.Bytes));
    }

    string Known(Strings say)
    {
        const int most = 8;
        string[] names = [.. All().Select(m => m.Name).Take(most + 1)];
        if (names.Length == 0) return NoneAtHand(say);
        return say.Text("at-hand", string.Join(", ", names.Take(most)) + (names.Length > most ? ", …" : ""));
    }
}
