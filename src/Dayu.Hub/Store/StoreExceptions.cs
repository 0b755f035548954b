namespace Dayu.Hub;

/// <summary>
/// A name that no model can have: not every file system could hold it, or another model's name is in its way.
/// </summary>
/// <param name="name">The name as it was given.</param>
/// <param name="conflict">The stored model of which one would lie in the other's folder; null: there is none.</param>
public sealed class ModelNameException(string name, string? conflict = null) : HubException(conflict is null
    ? $"'{name}' cannot be the name of a stored model; names are letters, digits, ., - and _, such as qwen, owner/name or name:tag"
    : $"'{name}' and '{conflict}' cannot both be names: one would lie in the other's folder; choose another name")
{
    /// <summary>The name as it was given.</summary>
    public string Name => name;

    /// <summary>The stored model that is in the way; null where the name itself is wrong.</summary>
    public string? Conflict => conflict;
}

/// <summary>A model has the name already, and was not to be replaced.</summary>
/// <param name="name">The name as it was given.</param>
/// <param name="manifest">Where the model came from; null: not known.</param>
public sealed class ModelExistsException(string name, Manifest? manifest)
    : HubException($"there is a model '{name}' already, from {manifest?.Source ?? "somewhere"}; choose another name, or replace it")
{
    /// <summary>The name as it was given.</summary>
    public string Name => name;

    /// <summary>Where the model came from; null where that is not known.</summary>
    public Manifest? Manifest => manifest;
}

/// <summary>Another process holds the name.</summary>
/// <param name="name">The name as it was given.</param>
/// <param name="inner">What the system says.</param>
public sealed class ModelLockedException(string name, Exception inner)
    : HubException($"another process is at work on '{name}'; wait until it has finished", inner)
{
    /// <summary>The name as it was given.</summary>
    public string Name => name;
}

/// <summary>A file or folder holds no model, or not exactly one that fits.</summary>
/// <param name="source">Where it was looked for: a repository, a folder.</param>
/// <param name="wanted">The tag or pattern that was to choose; null: there is nothing to choose from.</param>
/// <param name="choices">The files that may be meant, ordered by path.</param>
/// <param name="isAmbiguous">Whether several fit; else none does.</param>
public sealed class FileSelectionException(string source, string? wanted, IReadOnlyList<ModelFile> choices, bool isAmbiguous)
    : HubException(Text(source, wanted, choices, isAmbiguous))
{
    /// <summary>There is no model at all.</summary>
    internal static FileSelectionException None(string source) => new(source, null, [], false);

    /// <summary>Where the model was looked for: a repository, a folder.</summary>
    public string From => source;

    /// <summary>The tag or pattern that was to choose; null where there is nothing to choose from.</summary>
    public string? Wanted => wanted;

    /// <summary>The files that may be meant, ordered by path.</summary>
    public IReadOnlyList<ModelFile> Choices => choices;

    /// <summary>Whether several fit; else none does.</summary>
    public bool IsAmbiguous => isAmbiguous;

    static string Text(string source, string? wanted, IReadOnlyList<ModelFile> choices, bool isAmbiguous)
    {
        if (wanted is null) return $"{source} holds no model: neither config.json with weights nor a GGUF file";
        var names = choices.Count == 0 ? "none" : string.Join(", ", choices.Select(f => f.Path));
        return $"{source} has {(isAmbiguous ? "several models" : "no model")} that '{wanted}' may mean; its files: {names}";
    }
}

/// <summary>The disk has not the room that is needed.</summary>
/// <param name="needed">Bytes that are needed.</param>
/// <param name="free">Bytes that are free.</param>
/// <param name="folder">Where.</param>
public sealed class DiskSpaceException(long needed, long free, string folder)
    : HubException($"{needed:N0} bytes are needed, {free:N0} are free in {folder}; make room, or keep the store elsewhere")
{
    /// <summary>Bytes that are needed.</summary>
    public long Needed => needed;

    /// <summary>Bytes that are free.</summary>
    public long Free => free;

    /// <summary>Where.</summary>
    public string Folder => folder;
}
