using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>What must not change between the parts of a training: hashes of data and tokenizer, and what decides its bits.</summary>
static class Fingerprint
{
    /// <summary>By name: two hashes, and every field of the recipe that decides what is computed.</summary>
    /// <param name="recipe">What is measured, saved and told is left out: it may change.</param>
    /// <param name="data">Token ids.</param>
    /// <param name="tokenizer">The tokenizer's file.</param>
    public static JsonObject Of(Recipe recipe, TextData data, string tokenizer)
    {
        var all = new JsonObject { ["data"] = Hash(data), ["tokenizer"] = Hash(SHA256.HashData(File.ReadAllBytes(tokenizer))) };
        var json = JsonNode.Parse(RecipeFile.Text(recipe))!.AsObject();
        foreach (var part in (string[])["model", "optimizer", "schedule"])
            foreach (var (key, value) in json[part] as JsonObject ?? []) all[$"{part}.{key}"] = value?.DeepClone();
        foreach (var key in (string[])["window", "batch", "accumulate"]) all[$"data.{key}"] = json["data"]![key]!.DeepClone();
        foreach (var key in (string[])["precision", "seed"]) all[key] = json[key]!.DeepClone();
        return all;
    }

    static string Hash(TextData data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        const int piece = 1 << 20;
        foreach (var ids in (int[][])[data.Training, [-1], data.Validation])
            for (var at = 0; at < ids.Length; at += piece)
                hash.AppendData(MemoryMarshal.AsBytes(ids.AsSpan(at, Math.Min(piece, ids.Length - at))));
        return Hash(hash.GetHashAndReset());
    }

    static string Hash(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
