using System.Text;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Hub;

/// <summary>
/// A model with its text as Hugging Face publishes them: configuration, weights, tokenizer, chat template, generation settings, and
/// nothing of training. There whole or not at all.
/// </summary>
public static class ModelFolder
{
    /// <summary>Writes a model; an adapter is merged.</summary>
    /// <param name="folder">Its name; what a folder of that name holds is replaced.</param>
    /// <param name="model">The model, made of a checkpoint.</param>
    /// <param name="format">Of all weights: one of <see cref="PublishedModel.Formats"/>.</param>
    /// <param name="tokenizer">The tokenizer's file, where it is neither in nor beside the model.</param>
    /// <param name="progress">Told how many values are written, of how many.</param>
    /// <param name="cancel">Stops it; nothing is left behind.</param>
    /// <exception cref="WeightRangeException">A weight is NaN, infinite, or too large for the format.</exception>
    public static void Write(
        string folder, LoadedModel model, DType format, string? tokenizer = null, Action<long, long>? progress = null,
        CancellationToken cancel = default) => WholeFolder.Write(folder, part =>
    {
        PublishedModel.Write(model, part, format, progress, cancel);
        if (TokenizerFiles.Source(model.Checkpoint!, tokenizer) is not { } source) return;
        TokenizerFiles.Copy(source, part);
        if (!File.Exists(Path.Combine(part, GenerationConfig.FileName))) WriteEnds(part, TextParts.Of(model.Checkpoint!, tokenizer));
    }, replace: true);

    /// <summary>Copies an adapter's folder; where its model lies is said so that it is found from elsewhere.</summary>
    /// <param name="from">The adapter's folder.</param>
    /// <param name="folder">Its name; what a folder of that name holds is replaced.</param>
    public static void CopyAdapter(string from, string folder) => WholeFolder.Write(folder, part =>
    {
        var config = Checkpoint.ReadJson(Path.Combine(from, AdapterConfig.File));
        const string key = "base_model_name_or_path";
        if (AdapterConfig.PlaceOf(from, config[key]?.ToString()) is { } place) config[key] = place;
        Save(Path.Combine(part, AdapterConfig.File), config);
        File.Copy(Path.Combine(from, AdapterFacts.WeightsFile), Path.Combine(part, AdapterFacts.WeightsFile));
        if (TokenizerFiles.Find(from) is { } tokenizer) TokenizerFiles.Copy(tokenizer, part);
    }, replace: true);

    /// <summary>Which tokens end an answer, where the model's files say it elsewhere.</summary>
    static void WriteEnds(string folder, TextParts text)
    {
        var config = new JsonObject();
        if (text.Tokenizer.Special.Bos is { } bos) config["bos_token_id"] = bos;
        if (text.Ends.Count > 0) config[EndIds.Key] = new JsonArray([.. text.Ends.Select(id => (JsonNode)id)]);
        if (config.Count > 0) Save(Path.Combine(folder, GenerationConfig.FileName), config);
    }

    static void Save(string path, JsonObject json) =>
        WholeFile.Write(path, Encoding.UTF8.GetBytes(json.ToJsonString(new() { WriteIndented = true }) + "\n"));
}
