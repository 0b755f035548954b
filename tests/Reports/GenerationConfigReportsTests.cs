using Dayu.Hub;
using Dayu.Models;

namespace Dayu.Tests;

/// <summary>Forms of generation_config.json that people met.</summary>
public sealed class GenerationConfigReportsTests
{
    /// <summary>The settings of a file with this text.</summary>
    static SamplerSettings Sampler(TempFolder folder, string json, out string path)
    {
        var source = Fixtures.SharedOrSkip("fixtures", "reports", "generation-config", "gen_null");
        foreach (var file in Directory.EnumerateFiles(source)) File.Copy(file, folder[Path.GetFileName(file)]);
        path = folder["generation_config.json"];
        File.Delete(path);
        File.WriteAllText(path, json);
        using var checkpoint = Checkpoint.Open(folder.Path);
        return TextParts.Of(checkpoint).Sampler;
    }

    [Theory]
    [InlineData("""{"top_k": null}"""), InlineData("""{"top_k": -1}"""), InlineData("""{"top_k": 0}""")]
    [InlineData("""{"top_k": "-1", "temperature": null, "top_p": null, "min_p": null, "typical_p": null}""")]
    [InlineData("""{"top_k": -1.0, "do_sample": true, "repetition_penalty": null, "eos_token_id": null}""")]
    [InlineData("""{"top_k": null, "do_sample": null, "eos_token_id": [-1, "x", 1e30]}""")]
    public void WhatIsOffIsOff(string json)
    {
        using var folder = new TempFolder();
        Assert.Equal(new() { Temperature = 1, TopK = 0, TopP = 1, MinP = 0 }, Sampler(folder, json, out _));
    }

    [Theory]
    [InlineData("""{"temperature": "0.7", "top_k": "20"}"""), InlineData("""{"temperature": 0.7, "top_k": 20.0, "do_sample": "true"}""")]
    [InlineData("""{"temperature": 0.7, "top_k": 20, "do_sample": 1}""")]
    public void WhatIsWrittenAsTextIsReadAsWhatItSays(string json)
    {
        using var folder = new TempFolder();
        Assert.Equal(new() { Temperature = 0.7f, TopK = 20, TopP = 1, MinP = 0 }, Sampler(folder, json, out _));
    }

    [Theory]
    [InlineData("""{"temperature": "warm"}""", "temperature is \"warm\"; a number was expected")]
    [InlineData("""{"top_k": [40]}""", "top_k is [40]; a number was expected")]
    [InlineData("""{"top_p": true}""", "top_p is true; a number was expected")]
    [InlineData("""{"do_sample": "maybe"}""", "do_sample is \"maybe\"; true or false was expected")]
    [InlineData("""{"top_p": 7}""", "top-p is 7; it can be 0 to 1")]
    [InlineData("""{"temperature": "nan"}""", "temperature is \"nan\"; a number was expected")]
    public void WhatIsNeitherIsNamedWithItsFile(string json, string expected)
    {
        using var folder = new TempFolder();
        string path = "";
        var error = Assert.Throws<InvalidDataException>(() => Sampler(folder, json, out path));
        Assert.StartsWith($"{folder["generation_config.json"]}: {expected}", error.Message);
    }
}
