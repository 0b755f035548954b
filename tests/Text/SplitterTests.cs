using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Each hand-written splitter against the regular expression that specifies it.</summary>
public sealed class SplitterTests
{
    /// <summary>A character of each category, below U+FFFF.</summary>
    static readonly Dictionary<UnicodeCategory, char> ofCategory = Enumerable.Range(0x80, 0xFF00)
        .Where(c => !char.IsSurrogate((char)c))
        .GroupBy(c => char.GetUnicodeCategory((char)c))
        .ToDictionary(group => group.Key, group => (char)group.First());

    /// <summary>
    /// .NET's regular expressions see UTF-16 units: a character beyond U+FFFF is replaced by one below of its category,
    /// which no pattern here can tell from it.
    /// </summary>
    static string OneUnitEach(string text) =>
        string.Concat(text.EnumerateRunes().Select(r => r.IsBmp ? (char)r.Value : ofCategory[Rune.GetUnicodeCategory(r)]));

    static IEnumerable<string> Matches(string text, string pattern) =>
        Regex.Matches(text, pattern, RegexOptions.CultureInvariant).Select(m => m.Value);

    static IEnumerable<string> Expected(string text, string pre) => pre switch
    {
        "gpt-2" => Matches(text, Gpt2Splitter.Pattern),
        "smollm" => Matches(text, @"\p{N}|\P{N}+").SelectMany(part => Matches(part, Gpt2Splitter.Pattern)),
        "llama-bpe" => Matches(text, IgnoringCase(Llama3Splitter.Pattern(3))),
        "gpt-4o" => Matches(text, IgnoringCase(O200kSplitter.Pattern(3, contractions: true))),
        "tekken" => Matches(text, O200kSplitter.Pattern(1, contractions: false)),
        _ => Matches(text, IgnoringCase(Llama3Splitter.Pattern(1))),
    };

    /// <summary>Full case folding makes ſ an s; .NET's does not.</summary>
    static string IgnoringCase(string pattern) => pattern.Replace("(?i:'s|", "(?i:'s|'ſ|", StringComparison.Ordinal);

    /// <summary>Lengths of pre-tokens, in characters.</summary>
    static List<int> Split(string text, string pre)
    {
        var (splitter, utf8, lengths) = (GgufPreTokenizer.Named(pre).Splitter, Encoding.UTF8.GetBytes(text), new List<int>());
        for (int start = 0, end; start < utf8.Length; start = end)
        {
            end = splitter.Next(utf8, start);
            Assert.True(end > start && end <= utf8.Length);
            lengths.Add(Encoding.UTF8.GetString(utf8, start, end - start).EnumerateRunes().Count());
        }
        return lengths;
    }

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("smollm")]
    [InlineData("llama-bpe")]
    [InlineData("qwen2")]
    [InlineData("gpt-4o")]
    [InlineData("tekken")]
    public void SplitsAsItsRegexDoes(string pre)
    {
        var random = new Random(1);
        string[] alphabet =
        [
            "a", "ж", "漢", "S", "s", "l", "L", "e", "E", "r", "v", "m", "'", "'", "ſ", "Ж", "ǅ", "ʰ",
            " ", " ", "\n", "\r", "\t", "\u3000", "\u00A0",
            "1", "23", "½", "!", "/", "€", "\u0301", "\u0301",
            "𝒳", "𐐀", "𐐨", "𝟙", "😀",
        ];
        for (int i = 0; i < Sizes.Of(20_000, 400_000); i++)
        {
            var text = i % 4 == 0 ? Vocabularies.RandomText(random, 30) : Letters(random.Next(14));
            var (expected, lengths) = (Expected(OneUnitEach(text), pre).Select(p => p.Length), Split(text, pre));
            Assert.True(expected.SequenceEqual(lengths), $"{pre}: {JsonSerializer.Serialize(text)} gives {string.Join(' ', lengths)}");
        }

        string Letters(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }

    [Fact]
    public void AnUnknownNameIsAnErrorThatListsTheKnownOnes()
    {
        var error = Assert.Throws<TokenizerException>(() => GgufPreTokenizer.Named("jais-3"));
        Assert.Contains("'jais-3'", error.Message);
        Assert.Contains("llama-bpe", error.Message);
    }
}
