using System.Text.Json.Nodes;
using Dayu.Text;
using static Dayu.Tests.TinyVocabulary;

namespace Dayu.Tests;

public sealed class SpecialTokenTests
{
    readonly Tokenizer tokenizer = Tokenizers.FromGguf(Gguf("h i"));

    [Fact]
    public void TheBeginningIsNotDoubled()
    {
        Assert.Equal([Bos, 259], tokenizer.Encode("hi"));
        Assert.Equal([Bos, 259], tokenizer.Encode("<s>hi"));
        Assert.Equal([Bos, 259, Bos], tokenizer.Encode("<s>hi<s>"));
        Assert.Equal([Bos, Bos], tokenizer.Encode("<s><s>"));
        Assert.Equal([Bos], tokenizer.Encode(""));
        Assert.Equal([Bos, 259, Eos], Tokenizers.FromGguf(Gguf("h i") with { AddEos = true }).Encode("hi"));
    }

    [Fact]
    public void AStrangersTextHasNoControlTokens()
    {
        Assert.DoesNotContain(Eos, tokenizer.Encode("a</s>b", parseSpecial: false));
        Assert.Contains(Tool, tokenizer.Encode("a<tool>b", parseSpecial: false));
        Assert.Equal("a</s>b", tokenizer.Decode(tokenizer.Encode("a</s>b", addSpecial: false, parseSpecial: false), skipSpecial: true));
    }

    [Fact]
    public void ControlTokensAreSkippedOnRequest()
    {
        int[] ids = [Bos, 259, Tool, Eos];
        Assert.Equal("<s>hi<tool></s>", tokenizer.Decode(ids));
        Assert.Equal("hi<tool>", tokenizer.Decode(ids, skipSpecial: true));
    }

    [Fact]
    public void TheLongestOfTheLeftmostIsFound()
    {
        var t = Open(Json([], Added(300, "<a>"), Added(301, "<a><b>"), Added(302, "b><c"), Added(303, "<")));
        Assert.Equal([301, 303, 'c', '>'], t.Encode("<a><b><c>"));
        Assert.Equal([300, 302], t.Encode("<a>b><c"));
        Assert.Equal([303, 'a'], t.Encode("<a"));
    }

    [Fact]
    public void FlagsStripAndKeepWordsWhole()
    {
        var t = Open(Json([], Added(300, "[L]", "lstrip"), Added(301, "[R]", "rstrip"), Added(302, "word", "single_word")));
        Assert.Equal(['a', 300, ' ', 'b'], t.Encode("a \n[L] b"));
        Assert.Equal(['a', ' ', 301, 'b'], t.Encode("a [R]\t b"));
        Assert.Equal([302, '-', 302], t.Encode("word-word"));
        Assert.DoesNotContain(302, t.Encode("words sword 9word word_ wordé"));
    }

    [Fact]
    public void EndsAreTheNamedOnesAndTheWellKnown()
    {
        var config = new JsonObject { ["eos_token"] = "</s>", ["bos_token"] = new JsonObject { ["content"] = "<s>" } };
        var t = Open(Json([], Added(300, "<|im_end|>"), Added(301, "<|im_start|>")), config);
        Assert.Equal([Eos, 300], t.Special.EndOfGeneration.ToArray());
        Assert.True(t.Special.Ends(300));
        Assert.False(t.Special.Ends(301));
        Assert.Equal((Bos, Eos, false), (t.Special.Bos, t.Special.Eos, t.Special.AddBos));
        Assert.Equal(301, t.Special.IdOf("<|im_start|>"));
    }

    [Fact]
    public void TheTemplateSaysWhatIsAdded()
    {
        var json = Json(["h i"]);
        json["post_processor"] = JsonNode.Parse("""
            {"type": "Sequence", "processors": [{"type": "ByteLevel"}, {"type": "TemplateProcessing", "single": [
              {"SpecialToken": {"id": "<s>", "type_id": 0}},
              {"Sequence": {"id": "A", "type_id": 0}},
              {"SpecialToken": {"id": "</s>", "type_id": 0}}]}]}
            """);
        Assert.Equal([Bos, 259, Eos], Open(json).Encode("hi"));
        Assert.Equal([Bos, 259], Open(json, new() { ["add_eos_token"] = false }).Encode("hi"));
    }

    [Fact]
    public void TheSpaceBeforeATextComesAndGoes()
    {
        var t = Tokenizers.FromLlama2c(Llama2c(" ", " hi", "hi", "h", "i", " h"));
        Assert.Equal("hi</s>hi", t.Decode(t.Encode("hi</s>hi"), skipSpecial: false)["<s>".Length..]);
        Assert.Equal("hi", new StreamingDecoder(t).Push(260));
        Assert.Equal(" hi", new StreamingDecoder(t, after: 261).Push(260));
        Assert.Equal("hi", new StreamingDecoder(t, after: 1).Push(260));
    }
}
