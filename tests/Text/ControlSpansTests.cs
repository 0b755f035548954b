using System.Text.Json.Nodes;
using Dayu.Text;
using static Dayu.Tests.TinyVocabulary;

namespace Dayu.Tests;

/// <summary>Control tokens in some parts of a text only.</summary>
public sealed class ControlSpansTests
{
    readonly Tokenizer tokenizer = Tokenizers.FromGguf(Gguf("h i"));

    [Fact]
    public void ControlTokensAreTakenWithinTheParts()
    {
        Assert.Equal([Eos, '<', '/', 's', '>'], Encode("</s></s>", (0, 4)));
        Assert.Equal(['<', '/', 's', '>', Eos], Encode("</s></s>", (4, 8)));
        Assert.Equal([Eos, Eos], Encode("</s></s>", (0, 4), (4, 8)));
        Assert.Equal(['<', '/', 's', '>'], Encode("</s>", (0, 2), (3, 4)));
        Assert.Equal([Eos], Encode("</s>", (0, 2), (2, 4)));                // neighbours are one part
        Assert.Equal(['a', Tool, 'b'], Encode("a<tool>b"));                 // is no control token
    }

    [Fact]
    public void AnEndOfAPartIsNoEndOfAWord()
    {
        Assert.Equal([259, 259], Encode("hihi", (0, 1), (2, 3)));
        Assert.Equal([Bos, 259], tokenizer.Encode("hi", ControlSpans.Of((1, 2))));
    }

    [Fact]
    public void PartsAreInOrder()
    {
        Assert.Throws<ArgumentException>(() => ControlSpans.Of((2, 1)));
        Assert.Throws<ArgumentException>(() => ControlSpans.Of((1, 3), (2, 4)));
        Assert.Throws<ArgumentException>(() => ControlSpans.Of((-1, 3)));
    }

    /// <summary>Of tokens that are looked for in normalized text too, whatever normalizing does to its length.</summary>
    [Theory]
    [InlineData("""{"type": "Lowercase"}""", "<X>")]
    [InlineData("""{"type": "Replace", "pattern": {"String": "i"}, "content": "hh"}""", "<x>")]
    [InlineData("""{"type": "NFC"}""", "<x>")]
    [InlineData("null", "<x>")]
    public void NormalizedTextToo(string normalizer, string token)
    {
        var json = Json(["h i"], Added(300, "<x>", "normalized"));
        json["normalizer"] = JsonNode.Parse(normalizer);
        var t = Open(json);
        string said = "iii" + token, text = said + token + said + token;
        int[] ordinary = [.. t.Encode(said, addSpecial: false, parseSpecial: false)];
        Assert.DoesNotContain(300, ordinary);
        var parts = ControlSpans.Of((said.Length, said.Length + 3), (text.Length - 3, text.Length));
        Assert.Equal([.. ordinary, 300, .. ordinary, 300], t.Encode(text, parts, addSpecial: false));
        Assert.Equal([.. ordinary, 300, .. ordinary, 300], t.Encode("</s>" + text, ControlSpans.Of(
            (0, 4), (said.Length + 4, said.Length + 7), (text.Length + 1, text.Length + 4)), addSpecial: false)[1..]);
    }

    /// <summary>A user's accent behind a template's token is not joined with it.</summary>
    [Fact]
    public void NothingIsJoinedAcrossTheEndOfAPart()
    {
        var json = Json([], Added(300, "<x>", "normalized"));
        json["normalizer"] = JsonNode.Parse("""{"type": "NFC"}""");
        Assert.Equal(300, Open(json).Encode("<x>\u0338", ControlSpans.Of((0, 3)), addSpecial: false)[0]);
    }

    /// <summary>Texts by chance: the parts matter for control tokens alone.</summary>
    [Fact]
    public void PartsThatSayTheSameGiveTheSame()
    {
        var random = new Random(7);
        string[] pieces = ["<s>", "</s>", "<", "s>", "hi", " ", "é", "<tool>"];
        for (int i = 0; i < 500; i++)
        {
            string text = string.Concat(Enumerable.Range(0, 12).Select(_ => pieces[random.Next(pieces.Length)]));
            int middle = random.Next(text.Length + 1);
            Assert.Equal(tokenizer.Encode(text), tokenizer.Encode(text, ControlSpans.Of((0, middle), (middle, text.Length))));
            Assert.Equal(tokenizer.Encode(text, parseSpecial: false), tokenizer.Encode(text, ControlSpans.Of((middle, middle))));
        }
    }

    List<int> Encode(string text, params (int, int)[] parts) => tokenizer.Encode(text, ControlSpans.Of(parts), addSpecial: false);
}
