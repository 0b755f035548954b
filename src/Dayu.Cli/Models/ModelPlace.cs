using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>Where a model lies, and the adapter that is put on it.</summary>
/// <param name="Path">A file or a folder.</param>
/// <param name="Adapter">The adapter's folder; null: none.</param>
sealed record ModelPlace(string Path, string? Adapter = null)
{
    /// <summary>For people.</summary>
    public string Name => Adapter is null ? NameOf(Path) : $"{NameOf(Path)}+{NameOf(Adapter)}";

    /// <summary>The model of a path; of an adapter's folder the model that it adapts, by where it lies or by the name in ls.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="path">What was named.</param>
    /// <param name="adapter">The adapter that was named with it; null: none.</param>
    /// <exception cref="NotSupportedException">What an adapter adapts is not there; the message says what it is.</exception>
    public static ModelPlace Of(CommandContext call, string path, string? adapter = null)
    {
        if (adapter is not null) return new(path, AdapterConfig.FolderOf(adapter));
        if (!AdapterConfig.IsAlone(path)) return new(path);
        var folder = AdapterConfig.FolderOf(path);
        return new(AdapterConfig.BaseOf(folder, call.Models.Find), folder);
    }

    /// <summary>Opens it: headers alone.</summary>
    public Checkpoint Open() => Adapter is null ? Checkpoint.Open(Path) : Checkpoint.Adapted(Path, Adapter);

    /// <summary>Makes the network, whose weights stay in the file until they are used.</summary>
    public LoadedModel Load(Backend on) => LoadedModel.Open(Path, on, adapter: Adapter);

    static string NameOf(string path) => Directory.Exists(path)
        ? System.IO.Path.GetFileName(path.TrimEnd('/', '\\')) : System.IO.Path.GetFileNameWithoutExtension(path);
}
