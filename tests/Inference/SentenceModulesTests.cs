using Dayu.Hub;
using Dayu.Inference;
using Dayu.Reference;

namespace Dayu.Tests;

/// <summary>Files of embedding models whose values are of the wrong kind are named, with the key.</summary>
public sealed class SentenceModulesTests
{
    static readonly Dictionary<string, string> sound = new()
    {
        ["modules.json"] = """[{ "type": "x.Transformer", "path": "" }, { "type": "x.Pooling", "path": "1_Pooling" }]""",
        ["1_Pooling/config.json"] = """{ "word_embedding_dimension": 256, "pooling_mode_mean_tokens": true }""",
        ["sentence_bert_config.json"] = """{ "max_seq_length": 16, "do_lower_case": false }""",
        ["config_sentence_transformers.json"] = """{ "prompts": { "query": "q: " }, "default_prompt_name": "query" }""",
    };

    static int Limit(string name, string content, out string path)
    {
        using var folder = new QuantizeModel();
        foreach (var (file, text) in sound)
        {
            var at = Path.Combine(folder.Path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(at)!);
            File.WriteAllText(at, file == name ? content : text);
        }
        path = Path.Combine(folder.Path, name);
        using var opened = Pretrained.Open(folder.Path, new ReferenceBackend());
        using var model = new EmbeddingModel(opened);
        return model.Limit;
    }

    [Fact]
    public void SoundFilesAreRead() => Assert.Equal(16, Limit("", "", out _));

    [Theory]
    [InlineData("modules.json", "{}", "the text is {}; an array was expected")]
    [InlineData("modules.json", "[5]", "[0] is 5; an object was expected")]
    [InlineData("modules.json", """[{ "type": 1, "path": "" }]""", "[0].type is 1; a text was expected")]
    [InlineData("modules.json", """[{ "type": "x.Transformer" }]""", "[0].path is missing; a text was expected")]
    [InlineData("1_Pooling/config.json", """{ "word_embedding_dimension": "256" }""", "word_embedding_dimension is \"256\"; a whole")]
    [InlineData("1_Pooling/config.json", """{ "word_embedding_dimension": 256.5 }""", "word_embedding_dimension is 256.5; a whole number")]
    [InlineData("1_Pooling/config.json", """{ "pooling_mode_mean_tokens": "yes" }""", "pooling_mode_mean_tokens is \"yes\"; true or false")]
    [InlineData("sentence_bert_config.json", """{ "max_seq_length": "16" }""", "max_seq_length is \"16\"; a number was expected")]
    [InlineData("sentence_bert_config.json", """{ "do_lower_case": 2 }""", "do_lower_case is 2; true or false was expected")]
    [InlineData("config_sentence_transformers.json", """{ "default_prompt_name": [] }""", "default_prompt_name is []; a text was expected")]
    [InlineData("config_sentence_transformers.json", """{ "default_prompt_name": "a", "prompts": [] }""", "prompts is []; an object")]
    [InlineData("config_sentence_transformers.json", """{ "default_prompt_name": "a", "prompts": { "a": 1 } }""", "prompts.a is 1; a")]
    public void WrongKindsAreNamed(string name, string content, string says)
    {
        var path = "";
        var error = Assert.Throws<InvalidDataException>(() => Limit(name, content, out path));
        Assert.StartsWith($"{path}: {says}", error.Message, StringComparison.Ordinal);
    }
}
