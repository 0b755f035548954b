using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>Other programs read what is exported, and say the same.</summary>
public sealed class ExportPeerTests : IDisposable
{
    readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    /// <summary>llama.cpp, greedily, token by token.</summary>
    [Theory]
    [InlineData("f16"), InlineData("f32")]
    public void LlamaCppAnswersAsWeDo(string format)
    {
        var path = temp["out.gguf"];
        Assert.Equal(0, Caller.Do("export", TestModels.Chat, "-o", path, "--dtype", format).Code);
        string[] how = ["--raw", "--temperature", "0", "--repeat-penalty", "1", "--precision", "exact", "-n", "16", "--json"];
        var ours = Caller.Do(["run", path, "Once upon a time", .. how]).Json;
        var theirs = JsonNode.Parse(Peers.Llama("greedy", path, ours["prompt_ids"]!.ToJsonString(), "-n", "16"))!;
        Assert.Equal(ours["token_ids"]!.ToJsonString(), theirs["ids"]!.ToJsonString());
    }

    /// <summary>Hugging Face's tokenizers.</summary>
    [Fact]
    public void TokenizersCutsAsWeDo()
    {
        using var model = new QuantizeModel();
        Assert.Equal(0, Caller.Do("export", model.Path, "-o", temp["out"]).Code);
        const string text = "Once upon a time, in 2024, 大禹 don't\n\n  x";
        var theirs = Peers.Tokenizers("""
            const { Tokenizer } = require('tokenizers');
            Tokenizer.fromFile(process.argv[1]).encode(process.argv[2], null, { addSpecialTokens: false })
              .then(e => console.log(JSON.stringify(e.getIds())));
            """, Path.Combine(temp["out"], "tokenizer.json"), text);
        var ours = Caller.Do("tokenizer", "encode", text, "-m", temp["out"], "--json").Json["ids"]!;
        Assert.Equal(JsonNode.Parse(theirs)!.ToJsonString(), ours.ToJsonString());
    }
}
