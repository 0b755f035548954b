using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>The model that a recipe asks for: a size of one's own, a published shape, or a whole configuration.</summary>
public static class RecipeModel
{
    static readonly string[] asked = ["size", "depth", "shape"];

    /// <summary>A model's configuration from what a recipe says of it.</summary>
    /// <param name="model"><c>{"size": "tiny"}</c>, <c>{"depth": 6}</c> (a width of 64 a layer) or <c>{"shape": "gpt2"}</c>
    /// (<see cref="NamedShapes"/>), and beside it what is to be otherwise; or a whole <c>config.json</c>, with its <c>model_type</c>.
    /// null: tiny.</param>
    /// <param name="vocabulary">Tokens it is to know. A published shape keeps its own, where that is enough.</param>
    /// <param name="context">Tokens of its longest sequence. A published shape keeps its own.</param>
    /// <exception cref="RecipeException">No such size, or one that the data do not fit into.</exception>
    public static JsonObject Config(JsonObject? model, int vocabulary, int context)
    {
        if (asked.Append("model_type").Where(k => model?.ContainsKey(k) == true).ToArray() is { Length: > 1 } several)
            throw new RecipeException($"model has {string.Join(" and ", several)}, expected one of them", RecipeFault.Model);
        if (model?["shape"] is { } name) return Published(model, name.ToString(), vocabulary, context);
        if (model?.ContainsKey("model_type") == true) return Completed(model, vocabulary, context);
        var (layers, width) = Shape(model);
        return Own(layers, width, vocabulary, context, model);
    }

    static JsonObject Own(int layers, int width, int vocabulary, int context, JsonObject? model)
    {
        var config = OwnShapes.Config(layers, width, vocabulary, context);
        ModelSwitches.Apply(config, model);
        return With(config, model, [.. asked, .. ModelSwitches.All]);
    }

    /// <summary>What a recipe says beside the size wins over it.</summary>
    static JsonObject With(JsonObject config, JsonObject? model, string[] known)
    {
        foreach (var (key, value) in model ?? [])
            if (!known.Contains(key))
                config[key] = config.ContainsKey(key) ? value?.DeepClone()
                    : throw new RecipeException($"model.{key} is nothing that this model has; it has {Keys(config, known)}",
                        RecipeFault.Model);
        return config;
    }

    static string Keys(JsonObject config, string[] known) => string.Join(", ", known.Union(config.Select(c => c.Key)));

    static (int Layers, int Width) Shape(JsonObject? model)
    {
        if (model?["depth"] is { } depth)
            return depth is JsonValue d && d.TryGetValue<int>(out var layers) && layers is > 0 and <= OwnShapes.MostLayers
                ? (layers, OwnShapes.WidthOf(layers))
                : throw new RecipeException($"model.depth is {depth.ToJsonString()}, expected a whole number, 1 … {OwnShapes.MostLayers}",
                    RecipeFault.Model);
        var size = model?["size"]?.ToString() ?? "tiny";
        return OwnShapes.Named.TryGetValue(size, out var named) ? named
            : throw new RecipeException($"model.size is '{size}', expected {string.Join(", ", OwnShapes.Named.Keys)}",
                RecipeFault.Model);
    }

    /// <summary>A published shape as it is: only what the recipe says besides is otherwise.</summary>
    static JsonObject Published(JsonObject model, string name, int vocabulary, int context)
    {
        if (OwnShapes.Find(name) is var (layers, width)) return Own(layers, width, vocabulary, context, model);
        var shape = NamedShapes.Find(name) ?? throw new RecipeException(
            $"model.shape is '{name}', expected {string.Join(", ", NamedShapes.All.Select(s => s.Name))} or depth-N", RecipeFault.Model);
        var config = With(shape.Config, model, asked);
        if (!ModelShape.Of(config).IsCausal)
            throw new RecipeException($"model.shape '{name}' reads in both directions; training is to predict the next token",
                RecipeFault.Model);
        Holds(config["vocab_size"], vocabulary, "vocab_size", "tokens of the tokenizer");
        if (LengthOf(config) is { } length) Holds(config[length], context, length, "tokens of a window");
        return config;

        void Holds(JsonNode? has, int needed, string key, string what)
        {
            if (has is JsonValue v && v.TryGetValue<int>(out var n) && n < needed)
                throw new RecipeException($"model.shape '{name}' has {key} {n}, and there are {needed} {what}; "
                    + $"say model.{key}={needed}, or take fewer", RecipeFault.Model);
        }
    }

    /// <summary>What only data can say: as many tokens as the tokenizer has, as long as a window.</summary>
    static JsonObject Completed(JsonObject model, int vocabulary, int context)
    {
        var family = (string?)model["model_type"];
        if (family != "modded-gpt" && ModelSwitches.Switches.FirstOrDefault(model.ContainsKey) is { } option)
            throw new RecipeException($"model.{option} is a switch of sizes and of modded-gpt, model_type is {family}; "
                + "say size instead of a whole configuration, or leave it out", RecipeFault.Model);
        ModelKeys.Check(model);
        var config = (JsonObject)model.DeepClone();
        config["vocab_size"] ??= vocabulary;
        if (LengthOf(config) is { } length) config[length] ??= context;
        return config;
    }

    /// <summary>What the family calls the longest sequence; null: it reads any length.</summary>
    static string? LengthOf(JsonObject config) => ConfigFacts.ContextKeys.FirstOrDefault(Families.Of(config, "model").Keys.Contains);
}
