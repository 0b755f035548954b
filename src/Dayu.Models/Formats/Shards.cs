using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Models;

/// <summary>
/// Weights in several files, as Transformers writes large models: an index (<c>model.safetensors.index.json</c>,
/// <c>pytorch_model.bin.index.json</c>) whose <c>weight_map</c> names the file of each tensor.
/// https://huggingface.co/docs/transformers/big_models.
/// </summary>
static class Shards
{
    /// <summary>Maps every file that an index names, each once.</summary>
    /// <exception cref="FileNotFoundException">One of them is missing.</exception>
    /// <exception cref="InvalidDataException">The index or a file is damaged, or they do not belong
    /// together.</exception>
    public static TensorFile Open(string index)
    {
        var (map, folder) = (Map(index), Path.GetDirectoryName(Path.GetFullPath(index))!);
        var shards = new SortedDictionary<string, TensorFile>(StringComparer.Ordinal);
        try
        {
            foreach (var (tensor, shard) in map)
            {
                if (!shards.TryGetValue(shard, out var file))
                    shards.Add(shard, file = OpenShard(index, Path.Combine(folder, shard), shard));
                if (!file.Has(tensor))
                    throw new InvalidDataException($"{index}: "
                        + $"tensor {MappedFile.Shown(tensor)} is said to be in {MappedFile.Shown(shard)}, which has no such tensor");
            }
            return TensorFile.Join(index, [.. shards.Values]);
        }
        catch
        {
            foreach (var shard in shards.Values) shard.Dispose();
            throw;
        }
    }

    /// <summary>Whether an index names a file.</summary>
    public static bool Names(string index, string shard) => Map(index).ContainsValue(shard);

    static TensorFile OpenShard(string index, string path, string shard) => File.Exists(path) ? WeightFiles.Open(path)
        : throw new FileNotFoundException($"{index} names {MappedFile.Shown(shard)}, which is not there; "
            + "was every file of the model downloaded?", path);

    /// <summary>From tensors to files.</summary>
    static Dictionary<string, string> Map(string index)
    {
        var map = new Dictionary<string, string>();
        if (Checkpoint.ReadJson(index)["weight_map"] is not JsonObject listed)
            throw new InvalidDataException($"{index}: an object \"weight_map\" from tensors to files was expected");
        foreach (var (tensor, shard) in listed)
            map[tensor] = shard?.GetValueKind() == JsonValueKind.String && IsPlain(shard.ToString()) ? shard.ToString()
                : throw new InvalidDataException($"{index}: tensor {MappedFile.Shown(tensor)} is said to be in "
                    + $"{MappedFile.Shown(shard?.ToJsonString() ?? "null")}; the name of a file in the same folder was expected");
        return map.Count > 0 ? map : throw new InvalidDataException($"{index}: \"weight_map\" names no tensor");
    }

    /// <summary>A name that stays in its folder, on every system.</summary>
    static bool IsPlain(string name) => name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0;
}
