namespace Dayu.Models;

/// <summary>What an adapter's folder says, whether or not the model is there that it adapts; its weights are not read.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Config">Rank, α, targets, base.</param>
/// <param name="Base">Where the model lies that it says it adapts; null: it does not say, or nothing lies there.</param>
/// <param name="Pairs">Number of matrices that are adapted.</param>
/// <param name="Parameters">Number of weights, of A and B together.</param>
/// <param name="Type">The number format that most of them have.</param>
/// <param name="Bytes">Size of the weights.</param>
public sealed record AdapterFacts(string Folder, AdapterConfig Config, string? Base, int Pairs, long Parameters, string Type, long Bytes)
{
    /// <summary>The file of its weights.</summary>
    public const string WeightsFile = "adapter_model.safetensors";

    /// <summary>The facts of an adapter.</summary>
    /// <param name="path">Its folder, or a file of it.</param>
    /// <param name="find">Where else a model of a name lies; null: nowhere.</param>
    /// <exception cref="FileNotFoundException">A file of it is missing.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">It is another kind of adapter.</exception>
    public static AdapterFacts Of(string path, Func<string, string?>? find = null)
    {
        var folder = AdapterConfig.FolderOf(path);
        var config = AdapterConfig.Read(folder);
        using var file = Safetensors.Open(Path.Combine(folder, WeightsFile));
        var tensors = file.Entries.Values.ToArray();
        var type = tensors.GroupBy(t => t.DType.Name).OrderByDescending(g => g.Sum(t => t.Bytes)).FirstOrDefault()?.Key ?? "?";
        return new(folder, config, AdapterConfig.FindBase(folder, find), tensors.Length / 2,
            tensors.Sum(t => t.Shape.Count), type, tensors.Sum(t => t.Bytes));
    }
}
