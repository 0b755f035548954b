using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>What must not change between the parts of a training: hashes of data and tokenizer, and what decides its bits.</summary>
static class Fingerprint
{
    /// <summary>By name: two hashes, and every field of the recipe that decides what is computed.</summary>
    /// <param name="recipe">What is measured, saved and told is left out: it may change.</param>
    /// <param name="data">Token ids.</param>
    /// <param name="tokenizer">SHA-256 of the tokenizer's file, in hexadecimal.</param>
    /// <param name="model">What is trained; of one with an adapter, also what lies below it.</param>
    /// <param name="teacher">Whose predictions are learnt; null: nobody's.</param>
    public static JsonObject Of(Recipe recipe, TrainingData data, string tokenizer, LoadedModel model, Checkpoint? teacher)
    {
        var all = new JsonObject { ["data"] = Hash(data), ["tokenizer"] = tokenizer };
        var json = JsonNode.Parse(RecipeFile.Text(recipe))!.AsObject();
        foreach (var part in (string[])["model", "adapter", "preference", "teacher", "optimizer", "schedule"])
            foreach (var (key, value) in json[part] as JsonObject ?? []) all[$"{part}.{key}"] = value?.DeepClone();
        foreach (var key in (string[])["window", "batch", "accumulate"]) all[$"data.{key}"] = json["data"]![key]!.DeepClone();
        RunMixture.AddTo(all, recipe);
        foreach (var key in (string[])["precision", "seed"]) all[key] = json[key]!.DeepClone();
        if (model is { Adapter: not null, Checkpoint: { } below }) all["base"] = Hash(below);
        if (teacher is not null) all["teacher"] = Hash(teacher);
        return all;
    }

    /// <summary>SHA-256 of a model's file; of several, of theirs.</summary>
    internal static string Hash(Checkpoint model)
    {
        string[] hashes = [.. model.Tensors.Paths.Select(FileHash.Of)];
        return hashes is [var one] ? one
            : Convert.ToHexStringLower(SHA256.HashData([.. hashes.SelectMany(Convert.FromHexString)]));
    }

    /// <summary>
    /// Of one plain text: its ids, −1, those held out. Of more: also where documents begin, and what of them is learnt. Of files of ids:
    /// the files' hashes.
    /// </summary>
    static string Hash(TrainingData data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < data.Sources.Count; i++)
        {
            if (i > 0) Append(hash, MemoryMarshal.AsBytes<int>([-2]));
            data.Sources[i].Training.AddTo(hash);
            Append(hash, MemoryMarshal.AsBytes<int>([-1]));
            data.Sources[i].Validation.AddTo(hash);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);
}
