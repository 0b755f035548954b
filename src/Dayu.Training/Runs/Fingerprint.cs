using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>What must not change between the parts of a training: a hash of each thing that decides its bits.</summary>
static class Fingerprint
{
    /// <summary>Hashes of data, tokenizer and recipe.</summary>
    /// <param name="recipe">Its lengths (steps, how often is measured and saved) are left out: they may change.</param>
    /// <param name="data">Token ids.</param>
    /// <param name="tokenizer">The tokenizer's file.</param>
    public static JsonObject Of(Recipe recipe, TextData data, string tokenizer) => new()
    {
        ["data"] = Hash(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>([.. data.Training, -1, .. data.Validation])),
        ["tokenizer"] = Hash(File.ReadAllBytes(tokenizer)),
        ["recipe"] = Hash(Encoding.UTF8.GetBytes(RecipeFile.Text(recipe with
        {
            Eval = new(), Save = new(), Data = recipe.Data with { Sources = [], Tokenizer = null },
        }))),
    };

    static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
