using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>
/// BERT's tokenizers: the example of the paper, the normalizer, real vocabularies against each other.
/// </summary>
public sealed class WordPieceTests
{
    static Tokenizer Tiny(params string[] words)
    {
        string[] lines = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. words];
        return Tokenizers.FromVocabTxt(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }

    static IEnumerable<string> Tokens(Tokenizer tokenizer, string text) =>
        tokenizer.Encode(text, addSpecial: false).Select(tokenizer.TokenText);

    [Fact]
    public void TheLongestBeginningThenTheLongestContinuation()
    {
        var tokenizer = Tiny("un", "una", "##aff", "##able", "##ffable", "##f", ".");
        Assert.Equal([" una", "ffable", "."], Tokens(tokenizer, "Unaffable."));
        Assert.Equal([2, 1, 3], tokenizer.Encode("unaffably"));               // a part without a token makes the whole word unknown
        Assert.Equal([2, 3], tokenizer.Encode("  "));
        Assert.Equal("unaffable. [UNK] unaffable", tokenizer.Decode(tokenizer.Encode("unaffable. xyz unaffable", addSpecial: false)));
    }

    [Fact]
    public void WordsOfMoreThanAHundredCharactersAreUnknown()
    {
        var tokenizer = Tiny("a", "##a", "𝒳", "##𝒳");
        Assert.Equal(100, tokenizer.Encode(new string('a', 100), addSpecial: false).Count);
        Assert.Equal([1, 5], tokenizer.Encode(new string('a', 101) + " a", addSpecial: false));
        var beyondBmp = string.Concat(Enumerable.Repeat("𝒳", 100));       // characters count, not UTF-16 units
        Assert.Equal(100, tokenizer.Encode(beyondBmp, addSpecial: false).Count);
        Assert.Equal([1], tokenizer.Encode(new string('a', 1_000_000), addSpecial: false));
    }

    [Fact]
    public void TheMaskIsFoundInAText()
    {
        var tokenizer = Tiny("the", "sat", "mask", "[", "]");
        Assert.Equal([2, 5, 4, 6, 3], tokenizer.Encode("The [MASK] sat"));
        Assert.Equal([5, 8, 7, 9], tokenizer.Encode("the [MASK]", addSpecial: false, parseSpecial: false));
        Assert.Equal("the [MASK] sat", tokenizer.Decode([2, 5, 4, 6, 3], skipSpecial: false)["[CLS] ".Length..^" [SEP]".Length]);
        Assert.Equal("the sat", tokenizer.Decode([2, 5, 4, 6, 3], skipSpecial: true));
    }

    [Fact]
    public void PairsHaveTypes()
    {
        var pair = Tiny("a", "b").EncodePair("a a", "b");
        Assert.Equal([2, 5, 5, 3, 6, 3], pair.Ids);
        Assert.Equal([0, 0, 0, 0, 1, 1], pair.Types);
        Assert.Throws<InvalidOperationException>(() => Tokenizers.FromGguf(TinyVocabulary.Gguf()).EncodePair("a", "b"));
    }

    /// <summary>RoBERTa has two separators between texts, and one type.</summary>
    [Fact]
    public void ATemplateSaysHowPairsAreWritten()
    {
        var json = TinyVocabulary.Json(["h i"]);
        json["post_processor"] = JsonNode.Parse("""
            {"type": "RobertaProcessing", "sep": ["</s>", 257], "cls": ["<s>", 256], "trim_offsets": true, "add_prefix_space": false}
            """);
        var pair = TinyVocabulary.Open(json).EncodePair("hi", "h");
        Assert.Equal([256, 259, 257, 257, 'h', 257], pair.Ids);
        Assert.Equal(new int[6], pair.Types);
    }

    [Theory]
    [InlineData("Héllo  WÖRLD", "hello  world")]
    [InlineData("a\tb\nc\rd\u00a0e\u3000f\u2028g", "a b c d e f g")]
    [InlineData("a\0b\uFFFDc\u0001d\u00ADe\u200Df\uE000g\u0085h", "abcdefgh")]
    [InlineData("大禹a", " 大  禹 a")]
    [InlineData("\U00020000豈かナ한", " \U00020000  豈 かナ\u1112\u1161\u11AB")]      // kana and hangul get no spaces
    [InlineData("İSTANBUL Ωß", "istanbul ωß")]
    [InlineData("Ａ１", "ａ１")]
    public void UncasedTextIsMadePlain(string text, string expected) =>
        Assert.Equal(expected, new BertNormalizer().Normalize(text).ToString());

    [Theory]
    [InlineData("Héllo İ", true, false, "héllo i\u0307")]
    [InlineData("Héllo 大", false, true, "Hello  大 ")]
    [InlineData("Héllo", false, false, "Héllo")]
    public void WhatIsDoneIsTheFilesChoice(string text, bool lowercase, bool accents, string expected) =>
        Assert.Equal(expected, new BertNormalizer(stripAccents: accents, lowercase: lowercase).Normalize(text).ToString());

    [Fact]
    public void PunctuationStandsAlone()
    {
        var words = new List<string>();
        const string text = "Don't pay $3,50—or «9» ab_c\u3000d。";
        new BertPreTokenizer().PreTokenize(text, first: true, (word, _) => words.Add(word.ToString()));
        Assert.Equal(["Don", "'", "t", "pay", "$", "3", ",", "50", "—", "or", "«", "9", "»", "ab", "_", "c", "d", "。"], words);
    }

    [Fact]
    public void CaseIsWhatTheConfigurationSays()
    {
        byte[] vocab = "[UNK]\na\nA\ne\ne\u0301"u8.ToArray(), small = "[UNK]\na\ne\né"u8.ToArray();
        Assert.Equal([2, 1], Tokenizers.FromVocabTxt(vocab).Encode("A a"));       // capital letters in words: case is kept
        Assert.Equal([1, 1], With(vocab, """{"do_lower_case": true}""").Encode("A a"));
        Assert.Equal([1, 2], Tokenizers.FromVocabTxt(small).Encode("A é"));
        Assert.Equal([0, 3], With(small, """{"do_lower_case": false}""").Encode("A é"));
        Assert.Equal([1, 3], With(small, """{"strip_accents": false}""").Encode("A é"));
        string[] wrong =
        [
            """{"word_tokenizer_type": "mecab"}""",
            """{"subword_tokenizer_type": "character"}""",
            """{"do_basic_tokenize": false}""",
            """{"do_lower_case": 7}""",
            "{",
            "7",
        ];
        foreach (var config in wrong) Assert.Throws<TokenizerException>(() => With(small, config));

        static Tokenizer With(byte[] vocab, string config) => Tokenizers.FromVocabTxt(vocab, Encoding.UTF8.GetBytes(config));
    }

    /// <summary>The same ids from tokenizer.json and vocab.txt.</summary>
    [Fact]
    public void BertChineseAgreesWithItself()
    {
        var json = Vocabularies.Open("fixtures", "tokenizers", "bert-base-chinese.tokenizer.json");
        var vocab = File.ReadAllBytes(Fixtures.SharedOrSkip("fixtures", "tokenizers", "bert-base-chinese.vocab.txt"));
        var cased = Tokenizers.FromVocabTxt(vocab, "{\"do_lower_case\": false}"u8.ToArray());
        var plain = Tokenizers.FromVocabTxt(vocab);
        Assert.Equal([101, 1920, 4893, 3780, 3717, 102], json.Encode("大禹治水"));
        var random = new Random(8);
        for (int i = 0; i < Sizes.Of(2000, 40_000); i++)
        {
            var text = Vocabularies.RandomText(random, 40);
            Assert.Equal(json.Encode(text), cased.Encode(text));
            text = new BertNormalizer().Normalize(text).ToString();       // without accents and capitals both agree
            Assert.Equal(json.Encode(text), plain.Encode(text));
        }
    }

    [Fact]
    public void ErnieHasItsIdsBesideItsTokens()
    {
        var tokenizer = Vocabularies.Open("fixtures", "tokenizers", "ernie1.vocab.txt");
        Assert.Equal(18018, tokenizer.VocabularySize);
        var special = tokenizer.Special;
        Assert.Equal((1, 2, 18017, 3), (special.Bos, special.Eos, special.Unk, special.IdOf("[MASK]")));
        var ids = tokenizer.Encode("百度，[MASK]度");
        Assert.Equal((1, 4, 3, 2), (ids[0], ids[3], ids[4], ids[^1]));
        Assert.Equal("百 度 ， [MASK] 度", tokenizer.Decode(ids.Skip(1).SkipLast(1)));
        Assert.Equal(tokenizer.Encode("ERNIE ０"), tokenizer.Encode("ernie ０"));
    }

    /// <summary>
    /// Sentences for an embedding model. The peer truncates to <c>max_length</c>, which here is left to the caller.
    /// </summary>
    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("vocab.txt")]
    public void GoldenSentences(string file)
    {
        var tokenizer = Vocabularies.Open("models", "minilm", file);
        using var json = JsonDocument.Parse(File.ReadAllBytes(Fixtures.SharedOrSkip("models", "minilm.golden.json")));
        int length = json.RootElement.GetProperty("max_length").GetInt32();
        foreach (var sentence in json.RootElement.GetProperty("sentences").EnumerateArray())
        {
            var ids = tokenizer.Encode(sentence.GetProperty("text").GetString()!);
            if (ids.Count > length) ids = [.. ids[..(length - 1)], ids[^1]];
            Assert.Equal(sentence.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32()), ids);
        }
    }

    public static TheoryData<string> Real() =>
    [
        "fixtures/tokenizers/bert-base-uncased.tokenizer.json",
        "fixtures/tokenizers/bert-base-chinese.vocab.txt",
        "fixtures/tokenizers/ernie1.vocab.txt",
        "fixtures/tokenizers/ggml-vocab-bert-bge.gguf",
    ];

    /// <summary>What WordPiece keeps: texts come back with other spaces and cases, but with the same ids.</summary>
    [Theory]
    [MemberData(nameof(Real))]
    public void TheIdsOfADecodedTextAreTheSame(string file)
    {
        var (tokenizer, random) = (Vocabularies.Open(file.Split('/')), new Random(9));
        for (int i = 0; i < Sizes.Of(1000, 20_000); i++)
        {
            var ids = tokenizer.Encode(Vocabularies.RandomText(random, 40), addSpecial: false);
            var text = tokenizer.Decode(ids);
            Assert.Equal(ids, tokenizer.Encode(text, addSpecial: false));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecial: false)));
        }
    }
}
