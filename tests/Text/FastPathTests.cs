using System.Text;
using System.Text.Json;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>
/// What makes encoding fast (cached pre-tokens, parts of a text, tables before tables, several threads) against the
/// paper's loop, pair by pair over the merges as the file has them.
/// </summary>
public sealed class FastPathTests
{
    /// <summary>
    /// Byte-level vocabularies of the fixtures, by the beginnings of their names, and the pre-tokenizer of each.
    /// </summary>
    static readonly (string Name, string Pre)[] known = [("gpt2.", "gpt-2"), ("llama3.", "llama-bpe"), ("qwen2_5.", "qwen2")];

    public static TheoryData<string, string> Files()
    {
        var cases = new TheoryData<string, string>();
        foreach (var file in Fixtures.SharedFiles("fixtures/tokenizers", "*.tokenizer.json"))
            foreach (var (name, pre) in known) if (file.StartsWith(name, StringComparison.Ordinal)) cases.Add(file, pre);
        if (cases.Count == 0) cases.Add("*.tokenizer.json", "gpt-2");
        return cases;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void IdsAreThoseOfTheObviousLoop(string file, string pre)
    {
        var path = Fixtures.SharedOrSkip("fixtures", "tokenizers", file);
        var tokenizer = Vocabularies.Open("fixtures", "tokenizers", file);
        var text = NormalForm.C.Normalize(Text(new Random(7), 60_000)).ToString();
        var expected = new Slow(path, pre).Encode(text);
        for (int pass = 0; pass < 2; pass++)       // with an empty cache, then with a full one
            Assert.Equal(expected, tokenizer.Encode(text, addSpecial: false, parseSpecial: false));
    }

    /// <summary>
    /// More pre-tokens than the cache holds, and of every length; a tokenizer that has met them, one that has not, and
    /// several threads agree.
    /// </summary>
    [Fact]
    public void TheCacheChangesNothing()
    {
        var data = TinyVocabulary.Gguf("a b", "b a", "a a", "ab ab", "aa b", "c d", "cd a", "Ġ a", "Ġa b");
        var (used, random, text) = (Tokenizers.FromGguf(data), new Random(5), new StringBuilder());
        for (int i = 0; i < Sizes.Of(150_000, 1_500_000); i++)
        {
            int length = random.Next(100) == 0 ? random.Next(1200) : random.Next(1, 20);
            for (int n = length; n > 0; n--) text.Append((char)('a' + random.Next(5)));
            text.Append(random.Next(9) == 0 ? ", " : " ");
        }
        string whole = text.ToString();
        var first = used.Encode(whole, addSpecial: false);
        Assert.Equal(whole, used.Decode(first));
        Assert.Equal(first, used.Encode(whole, addSpecial: false));
        string[] texts = [whole[..50_000], "", whole, "ab", whole[..300_000]];
        var batch = Tokenizers.FromGguf(data).EncodeBatch(texts, addSpecial: false, threads: 3);
        for (int i = 0; i < texts.Length; i++) Assert.Equal(used.Encode(texts[i], addSpecial: false), batch[i]);
    }

    public static TheoryData<string> AllFiles() => [.. Vocabularies.All().DefaultIfEmpty("fixtures/tokenizers/*")];

    /// <summary>Every kind of tokenizer: texts one by one, together, and long ones in parts.</summary>
    [Theory]
    [MemberData(nameof(AllFiles))]
    public void ABatchIsItsTextsOneByOne(string file)
    {
        var (tokenizer, random) = (Vocabularies.Open(file.Split('/')), new Random(11));
        string[] texts =
        [
            .. Enumerable.Range(0, 30).Select(_ => Vocabularies.RandomText(random, 100)),
            Text(random, 300_000),
            string.Concat(Enumerable.Repeat("漢字 the, ", 30_000)),
        ];
        var batch = tokenizer.EncodeBatch(texts, threads: 4);
        for (int i = 0; i < texts.Length; i++) Assert.Equal(tokenizer.Encode(texts[i]), batch[i]);
    }

    [Fact]
    public void ABatchFailsAsOneTextDoes()
    {
        var tokenizer = Tokenizers.FromGguf(TinyVocabulary.Gguf("a b"));
        Assert.Throws<ArgumentNullException>(() => tokenizer.EncodeBatch(["a", null!]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.EncodeBatch(["a"], threads: -1));
        Assert.Empty(tokenizer.EncodeBatch([]));
    }

    /// <summary>
    /// A few thousand words over and over, among random characters of all kinds, sentences without spaces, and numbers.
    /// </summary>
    static string Text(Random random, int length)
    {
        string[] words = [.. Enumerable.Range(0, 2000).Select(_ => Word(random))];
        var text = new StringBuilder();
        while (text.Length < length)
            _ = random.Next(12) switch
            {
                0 => text.Append(Vocabularies.RandomText(random, 6)),
                1 => text.Append(random.Next(100_000)).Append(' '),
                2 => text.Append(random.Next(2) == 0 ? "，" : ".\n"),
                _ => text.Append(random.Next(4) == 0 ? "" : " ").Append(words[random.Next(words.Length)]),
            };
        return text.ToString();

        static string Word(Random random)
        {
            bool chinese = random.Next(2) == 0;
            return string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Letter()));

            char Letter() => chinese ? (char)random.Next(0x4E00, 0x5200) : "etaoinshrdlu"[random.Next(12)];
        }
    }

    /// <summary>
    /// The splitter, which has its own test; then of all neighbours those of the lowest rank merge, until none do.
    /// </summary>
    sealed class Slow
    {
        readonly Splitter splitter;
        readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
        readonly Dictionary<(string, string), int> ranks = [];
        readonly bool ignoreMerges;

        public Slow(string path, string pre)
        {
            splitter = GgufPreTokenizer.Named(pre).Splitter;
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var model = json.RootElement.GetProperty("model");
            foreach (var token in model.GetProperty("vocab").EnumerateObject()) ids[token.Name] = token.Value.GetInt32();
            foreach (var merge in model.GetProperty("merges").EnumerateArray())
            {
                bool isString = merge.ValueKind == JsonValueKind.String;
                string[] halves = isString ? merge.GetString()!.Split(' ') : [merge[0].GetString()!, merge[1].GetString()!];
                ranks.TryAdd((halves[0], halves[1]), ranks.Count);
            }
            ignoreMerges = model.TryGetProperty("ignore_merges", out var ignore) && ignore.ValueKind == JsonValueKind.True;
        }

        public List<int> Encode(string text)
        {
            var (utf8, encoded) = (Encoding.UTF8.GetBytes(text), new List<int>());
            for (int start = 0, end; start < utf8.Length; start = end)
            {
                end = splitter.Next(utf8, start);
                string preToken = ByteAlphabet.Encode(Encoding.UTF8.GetString(utf8, start, end - start));
                if (ignoreMerges && ids.TryGetValue(preToken, out int whole)) encoded.Add(whole);
                else encoded.AddRange(Merged(preToken).Select(symbol => ids[symbol]));
            }
            return encoded;
        }

        List<string> Merged(string preToken)
        {
            List<string> symbols = [.. preToken.Select(c => $"{c}")];
            while (true)
            {
                var (best, at) = (int.MaxValue, -1);
                for (int i = 0; i + 1 < symbols.Count; i++)
                    if (ranks.TryGetValue((symbols[i], symbols[i + 1]), out int rank) && rank < best) (best, at) = (rank, i);
                if (at < 0) return symbols;
                symbols[at] += symbols[at + 1];
                symbols.RemoveAt(at + 1);
            }
        }
    }
}
