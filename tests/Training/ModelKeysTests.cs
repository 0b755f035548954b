using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Keys of a recipe's own model that its family does not read.</summary>
public sealed class ModelKeysTests
{
    static JsonObject Made(string model) => RecipeModel.Config(JsonNode.Parse(model)!.AsObject(), 65, 24);

    [Theory]
    [InlineData("lstm", "num_hidden_layers", "2", "num_layers is perhaps meant")]
    [InlineData("lstm", "num_layer", "2", "num_layers is perhaps meant")]
    [InlineData("lstm", "n_head", "2", "lstm has no such key; it has vocab_size")]
    [InlineData("gpt2", "n_heads", "2", "n_head is perhaps meant")]
    [InlineData("gpt2", "num_hidden_layers", "2", "gpt2 has no such key")]
    [InlineData("llama", "tie_word_embedding", "true", "tie_word_embeddings is perhaps meant")]
    [InlineData("llama", "n_layer", "3", "num_hidden_layers")]
    public void AKeyOfAnotherFamilyOrAMistypedOneIsRefused(string family, string key, string value, string said)
    {
        var refused = Assert.Throws<RecipeException>(() => Made($$"""{ "model_type": "{{family}}", "{{key}}": {{value}} }"""));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Equal(RecipeFault.Model, refused.Fault);
    }

    /// <summary>What published files hold besides may be put into a recipe; examples of families use their own keys.</summary>
    [Fact]
    public void PublishedConfigurationsPass()
    {
        const string besides = """, "bos_token_id": 1, "torch_dtype": "float32", "use_cache": true, "initializer_range": 0.02, """
            + """ "hidden_act": "silu", "pretraining_tp": 1, "zero_init_outputs": true }""";
        foreach (var family in Families.Known)
        {
            Assert.True(family.Keys.Any() || family.Name == "gated_conv", family.Name);   // a sample's, which has no record
            var model = JsonNode.Parse(family.Example)!.AsObject();
            model["model_type"] ??= family.Name;
            Made(model.ToJsonString()[..^1] + besides);
        }
        foreach (var shape in NamedShapes.All) Made(shape.Config.ToJsonString());
    }

    /// <summary>A model that reads any length is told of no longest one; others get the window under their own name.</summary>
    [Theory]
    [InlineData("lstm", null), InlineData("gpt2", "n_positions"), InlineData("llama", "max_position_embeddings")]
    [InlineData("modded-gpt", "max_position_embeddings"), InlineData("gpt3", "n_positions")]
    public void TheWindowGoesWhereTheFamilyReadsIt(string family, string? key)
    {
        var made = Made($$"""{ "model_type": "{{family}}" }""");
        Assert.Equal(key is null ? ["model_type", "vocab_size"] : new[] { "model_type", "vocab_size", key }, made.Select(m => m.Key));
        if (key is not null) Assert.Equal(24, (int)made[key]!);
    }
}
