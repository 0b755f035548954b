using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>What a model's headers say.</summary>
public sealed class ModelFactsTests
{
    [Fact]
    public void FactsAreThoseOfTheHeaders()
    {
        var facts = ModelFacts.Of(TestModels.Gguf);
        Assert.Equal(("llama", "LlamaForCausalLM", 1_344_768L), (facts.Family, facts.Architecture, facts.Parameters));
        Assert.Equal((256, 2, 256, 4, 2, 320), (facts.Context, facts.Layers, facts.Width, facts.Heads, facts.KvHeads, facts.Vocabulary));
        Assert.Equal([new("q4_0", 16, 755_712), new FormatShare("f32", 5, 5120)], facts.Formats);
        Assert.Equal(new FileInfo(TestModels.Gguf).Length, ModelStore.BytesAt(TestModels.Gguf));
    }
}
