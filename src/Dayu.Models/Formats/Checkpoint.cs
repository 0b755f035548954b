using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>
/// What lies at a path: configuration, tensors, and what tells how the file says things. Opening reads only headers.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    Checkpoint(string path, JsonObject config, TensorFile tensors) => (Path, Config, Tensors) = (path, config, tensors);

    /// <summary>Where it was opened.</summary>
    public string Path { get; }

    /// <summary>In the terms of <c>config.json</c>, whatever the file.</summary>
    public JsonObject Config { get; }

    /// <summary>The weights, as they lie.</summary>
    public TensorFile Tensors { get; }

    /// <summary>What kind of model it is.</summary>
    public required Family Family { get; init; }

    /// <summary>How the file names and orders the weights.</summary>
    public required TensorRule[] Rules { get; init; }

    /// <summary>Aliases of these names, which the file may have instead.</summary>
    public TensorRule[] Aliases { get; init; } = [];

    /// <summary>A GGUF file's metadata: tokenizer, template and all; null for others.</summary>
    public GgufMetadata? Metadata { get; init; }

    /// <summary>The folder that holds tokenizer and generation settings; null for single files.</summary>
    public string? Folder { get; init; }

    /// <summary>The folder of the <see cref="Dayu.Models.Adapter"/> that is put on the model; null: none is.</summary>
    public string? Adapter { get; private init; }

    /// <summary>
    /// Opens a GGUF file, a Hugging Face folder, a file of weights beside its config.json, a llama2.c file, or nanoGPT's ckpt.pt, told
    /// by their bytes; of a folder that holds an adapter, the model that it says it adapts.
    /// </summary>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">It is of a kind or family that is not known.</exception>
    public static Checkpoint Open(string path)
    {
        if (!AdapterConfig.IsAlone(path)) return OpenModel(path);
        var adapter = AdapterConfig.FolderOf(path);
        return Adapted(AdapterConfig.BaseOf(adapter), adapter);
    }

    /// <summary>Opens a GGUF file that is in memory; it belongs to the result from now on, and is closed on error.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">It is no GGUF file, one part of several, or of a family that is not known.</exception>
    public static Checkpoint Open(MappedFile file)
    {
        var gguf = GgufFile.Open(file);
        if (!GgufSplit.IsPart(gguf.Metadata)) return Of(gguf, file.Path);
        gguf.Dispose();
        throw new NotSupportedException($"{file.Path} is one part of several; expected a whole GGUF file");
    }

    /// <summary>A model with an adapter on it, whatever model that says it adapts.</summary>
    /// <param name="path">As <see cref="Open(string)"/> opens it.</param>
    /// <param name="adapter">The adapter's folder.</param>
    /// <exception cref="NotSupportedException">The model is an adapter too, or as above.</exception>
    public static Checkpoint Adapted(string path, string adapter) => AdapterConfig.IsAlone(path)
        ? throw new NotSupportedException($"{path} is an adapter itself; merge it into its model, and adapt the result")
        : OpenModel(path, adapter);

    static Checkpoint OpenModel(string path, string adapter)
    {
        var model = OpenModel(path);
        return new(model.Path, model.Config, model.Tensors)
        {
            Family = model.Family, Rules = model.Rules, Aliases = model.Aliases, Metadata = model.Metadata, Folder = model.Folder,
            Adapter = adapter,
        };
    }

    static Checkpoint OpenModel(string path)
    {
        path = FileKinds.Meant(path);
        switch (FileKinds.Recognise(path))
        {
            case FileKind.Gguf: return Of(GgufFile.Open(path), path);
            case FileKind.Llama2c: return OpenLlama2c(path);
            case FileKind.Folder: return OpenFolder(path, WeightFiles.Of(path));
            case FileKind.PyTorch when OpenNanoGpt(path) is { } nano: return nano;
        }
        var file = System.IO.Path.GetFullPath(path);
        return OpenFolder(System.IO.Path.GetDirectoryName(file)!, WeightFiles.WholeOf(file));
    }

    static Checkpoint Of(GgufFile file, string path)
    {
        try
        {
            ForeignFormats.Refuse(file.Metadata, path);
            var dialect = Families.OfGguf(file.Metadata.Text("general.architecture"), path);
            return new(path, dialect.Gguf!.Config(dialect, file), file.Tensors)
            {
                Family = dialect,
                Rules = dialect.Gguf.Names,
                Metadata = file.Metadata,
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    static Checkpoint OpenLlama2c(string path)
    {
        var file = Llama2c.Open(path);
        var family = Families.Of(file.Config, path);
        // the same order of rows, other names
        var rows = family.Gguf!.Names.Where(r => r.Layout is not null).Select(r => r with { File = r.Path });
        return new(path, file.Config, file.Tensors) { Family = family, Rules = [.. rows] };
    }

    /// <summary>null: it is none, or its configuration lies beside it.</summary>
    static Checkpoint? OpenNanoGpt(string path)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        if (File.Exists(System.IO.Path.Combine(folder, "config.json"))) return null;
        var file = PyTorch.Open(path);
        try
        {
            if (NanoGpt.Config(file) is { } config)
                return new(path, config, file = NanoGpt.Completed(file, config)) { Family = Families.Of(config, path), Rules = [] };
        }
        catch
        {
            file.Dispose();
            throw;
        }
        file.Dispose();
        return null;
    }

    static Checkpoint OpenFolder(string folder, string weights)
    {
        var path = System.IO.Path.Combine(folder, "config.json");
        if (!File.Exists(path))
            throw new NotSupportedException($"{weights} holds weights but no configuration; expected config.json beside it");
        var config = ReadJson(path);
        ForeignFormats.Refuse(config, path);
        var family = Families.Of(config, path);
        var tensors = WeightFiles.Open(weights);
        try
        {
            ForeignFormats.Refuse(tensors);
            return new(folder, config, tensors) { Family = family, Rules = family.Names, Aliases = family.Aliases, Folder = folder };
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    /// <summary>A JSON object in a file of a model's folder, read as Python reads it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is none; says where, what was found and what was expected.</exception>
    public static JsonObject ReadJson(string path) => Json(path).ParseObject();

    /// <summary>The same for an array.</summary>
    /// <inheritdoc cref="ReadJson(string)"/>
    public static JsonArray ReadJsonArray(string path) => Json(path).ParseArray();

    static JsonText Json(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"no such file: {path}", path);
        MappedFile.EnsureContent(path);
        return new(path, File.ReadAllBytes(path));
    }

    /// <summary>Makes the network. What is wrong with the configuration is told with the path.</summary>
    /// <exception cref="InvalidDataException">The configuration makes no model, or a weight is missing.</exception>
    internal IModel Make(Weights weights)
    {
        try { return Family.Make(Config, weights); }
        catch (Exception e) when (e is ArgumentException or ArithmeticException
            || e is InvalidDataException && e.Message.StartsWith("config:", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{Path}: the configuration makes no model: {e.Message}", e);
        }
    }

    /// <summary>Unmaps; models loaded from it must be disposed of before.</summary>
    public void Dispose() => Tensors.Dispose();
}
