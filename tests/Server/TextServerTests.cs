using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>Text to tokens and back, conversations as text, texts as vectors.</summary>
public sealed class TextServerTests
{
    [Fact]
    public async Task TextBecomesTokensAndTextAgain()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        foreach (var field in (string[])["prompt", "content"])
        {
            var made = await server.Ok("/tokenize", $$"""{ "{{field}}": "a大", "with_pieces": true }""");
            Assert.Equal("[97,229,164,167]", made["tokens"]!.ToJsonString());
            Assert.Equal((4, 256), ((int)made["count"]!, (int)made["max_model_len"]!));
            Assert.Equal(["a", @"bytes:\xe5", @"bytes:\xa4", @"bytes:\xa7"], made["pieces"]!.AsArray().Select(p => (string?)p));
        }
        Assert.Equal("a大", (string?)(await server.Ok("/detokenize", """{ "tokens": [97, 229, 164, 167] }"""))["content"]);
        Assert.Equal("tokens[1]", (string?)(await server.Refused(400, "/detokenize", """{ "tokens": [1, "a"] }"""))["param"]);
        await server.Refused(400, "/detokenize", """{ "tokens": [100000] }""");
    }

    [Fact]
    public async Task ConversationIsWrittenAsTheTemplateDoes()
    {
        using var model = ScriptedModel.Chat("Hello");
        await using var server = await TestServer.Start(model);
        const string messages = """{ "messages": [{ "role": "user", "content": "ask <|end|>" }] }""";
        Assert.Equal("ask <|end|><|go|>", (string?)(await server.Ok("/apply-template", messages))["prompt"]);
        var tokens = (await server.Ok("/tokenize", messages))["tokens"]!.AsArray().Select(t => (int)t!).ToArray();
        Assert.Equal(ScriptedModel.IdOf("<|go|>"), tokens[^1]);
        Assert.DoesNotContain(ScriptedModel.IdOf("<|end|>"), tokens);                    // what was said is no control token
    }

    [Fact]
    public async Task TextsBecomeVectors()
    {
        var path = Fixtures.SharedOrSkip("models", "minilm");
        using var on = new CpuBackend(2);
        using var model = Pretrained.Open(path, on);
        using var embedding = new EmbeddingModel(model);
        var expected = embedding.Embed(["A cat sleeps.", "大禹治水"]);
        await using var server = await TestServer.Start([new("minilm", () => Pretrained.Open(path, on))]);
        var plain = await server.Ok("/v1/embeddings", """{ "model": "minilm", "input": ["A cat sleeps.", "大禹治水"] }""");
        var coded = await server.Ok("/v1/embeddings", """{ "input": ["A cat sleeps.", "大禹治水"], "encoding_format": "base64" }""");
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(i, (int)plain["data"]![i]!["index"]!);
            Assert.Equal(expected[i].Values, plain["data"]![i]!["embedding"]!.AsArray().Select(x => (float)x!));
            Assert.Equal(expected[i].Values, Floats((string)coded["data"]![i]!["embedding"]!));
        }
        Assert.Equal(expected.Sum(e => e.Tokens), (int)plain["usage"]!["prompt_tokens"]!);
        var ids = string.Join(", ", model.Tokenizer.Encode("A cat sleeps."));
        foreach (var input in (string[])[$"[{ids}]", $"[[{ids}]]", "\"A cat sleeps.\""])
        {
            var one = await server.Ok("/v1/embeddings", $$"""{ "input": {{input}}, "encoding_format": "base64" }""");
            Assert.Equal(expected[0].Values, Floats((string)one["data"]![0]!["embedding"]!));
        }
        var few = await server.Ok("/v1/embeddings", """{ "input": "A cat sleeps.", "dimensions": 16 }""");
        var values = few["data"]![0]!["embedding"]!.AsArray().Select(x => (float)x!).ToArray();
        Assert.Equal((16, 1f), (values.Length, MathF.Round(values.Sum(x => x * x), 4)));
        Assert.Equal(expected[0].Values[0] / expected[0].Values[1], values[0] / values[1], 1e-3);
    }

    static float[] Floats(string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        return [.. Enumerable.Range(0, bytes.Length / 4).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(4 * i)))];
    }

    [Fact]
    public async Task EmbeddingsThatCannotBeAreRefused()
    {
        using var model = ScriptedModel.Chat("Hello");                                   // any model has vectors
        await using var server = await TestServer.Start(model);
        Assert.Equal(288, (await server.Ok("/v1/embeddings", """{ "input": "a" }"""))["data"]![0]!["embedding"]!.AsArray().Count);
        (string Body, string Param)[] wrong =
        [
            ("{ }", "input"), ("""{ "input": [] }""", "input"), ("""{ "input": [1.5] }""", "input[0]"), ("""{ "input": { } }""", "input"),
            ("""{ "input": "a", "dimensions": 0 }""", "dimensions"), ("""{ "input": "a", "dimensions": 289 }""", "dimensions"),
            ("""{ "input": "a", "encoding_format": "xml" }""", "encoding_format"),
            ($$"""{ "input": ["a", "{{new string('a', 300)}}"] }""", "input[1]"),
        ];
        foreach (var (body, param) in wrong)
            Assert.Equal(param, (string?)(await server.Refused(400, "/v1/embeddings", body))["param"]);
    }

    [Fact]
    public async Task EncoderSaysThatItDoesNotGoOnWithTexts()
    {
        var path = Fixtures.SharedOrSkip("models", "minilm");
        using var on = new CpuBackend(2);
        await using var server = await TestServer.Start([new("minilm", () => Pretrained.Open(path, on))]);
        var error = await server.Refused(400, "/v1/chat/completions", """{ "messages": [{ "role": "user", "content": "a" }] }""");
        Assert.Contains("/v1/embeddings", (string?)error["message"]);
    }
}
