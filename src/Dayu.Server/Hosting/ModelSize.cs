using Dayu.Hub;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Server;

/// <summary>Memory that a model will take, by what its headers say.</summary>
public static class ModelSize
{
    const int LongestDefault = 8192, Texts = 4;                      // as an engine takes where nobody says

    /// <summary>Bytes of weights and cache.</summary>
    /// <param name="facts">What its headers say.</param>
    /// <param name="limits">What its engine is to take on.</param>
    /// <param name="cache">Number format of keys and values.</param>
    public static long Of(ModelFacts facts, EngineLimits limits, DType cache)
    {
        var context = Math.Min(facts.Context > 0 ? facts.Context : LongestDefault, limits.Context ?? LongestDefault);
        var tokens = Math.Max(context, limits.Tokens ?? (long)Texts * context);
        var width = facts.Heads > 0 ? (long)facts.Width / facts.Heads * Math.Max(facts.KvHeads, 1) : facts.Width;
        var values = 2 * facts.Layers * width * tokens;
        return facts.Formats.Sum(f => f.Bytes) + values / cache.BlockValues * cache.BlockBytes;
    }
}
