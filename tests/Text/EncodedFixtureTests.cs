using System.Text.Json;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>
/// Small vocabularies of the repository, with the ids that the reference programs give: Hugging Face's tokenizers for
/// tokenizer.json (and so for vocab.txt), SentencePiece for .model files. <c>x.encoded.json</c> goes with every other
/// file whose name begins with <c>x.</c>
/// </summary>
public sealed class EncodedFixtureTests
{
    static string Folder => Path.Combine(Fixtures.Repo, "tests", "fixtures", "vocabularies");

    public static TheoryData<string, string> All()
    {
        var cases = new TheoryData<string, string>();
        foreach (var file in Files("*.encoded.json"))
            foreach (var vocabulary in Files(file.Replace(".encoded.json", ".*", StringComparison.Ordinal)))
                if (vocabulary != file) cases.Add(file, vocabulary);
        return cases;
    }

    static IEnumerable<string> Files(string pattern) =>
        Directory.GetFiles(Folder, pattern).Order(StringComparer.Ordinal).Select(file => Path.GetFileName(file));

    [Theory]
    [MemberData(nameof(All))]
    public void IdsAndTextsAreTheReferences(string encoded, string vocabulary)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, encoded)));
        var tokenizer = TokenizerFiles.Open(Path.Combine(Folder, vocabulary));
        Assert.Equal(json.RootElement.GetProperty("vocab_size").GetInt32(), tokenizer.VocabularySize);
        foreach (var line in json.RootElement.GetProperty("lines").EnumerateArray())
        {
            var (text, expected) = (line.GetProperty("text").GetString()!, Ints(line.GetProperty("ids")));
            var ids = tokenizer.Encode(text, addSpecial: false);
            var difference = $"expected {Names(tokenizer, expected)}, got {Names(tokenizer, ids)}";
            Assert.True(expected.SequenceEqual(ids), $"{line.GetProperty("text").GetRawText()}: {difference}");
            if (line.TryGetProperty("decoded", out var decoded))
                Assert.Equal(decoded.GetString(), tokenizer.Decode(ids, skipSpecial: true));
        }
    }

    /// <summary>The fixtures with pairs of texts.</summary>
    public static TheoryData<string, string> WithPairs() =>
        [.. All().Where(c => File.ReadAllText(Path.Combine(Folder, c.Data.Item1)).Contains("\"pairs\":", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(WithPairs))]
    public void PairsAreTheReferences(string encoded, string vocabulary)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, encoded)));
        var tokenizer = TokenizerFiles.Open(Path.Combine(Folder, vocabulary));
        var pairs = json.RootElement.GetProperty("pairs");
        Assert.NotEqual(0, pairs.GetArrayLength());
        foreach (var pair in pairs.EnumerateArray())
        {
            var got = tokenizer.EncodePair(pair.GetProperty("first").GetString()!, pair.GetProperty("second").GetString()!);
            Assert.Equal(Ints(pair.GetProperty("ids")), got.Ids);
            Assert.Equal(Ints(pair.GetProperty("types")), got.Types);
        }
    }

    static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(id => id.GetInt32())];

    static string Names(Tokenizer tokenizer, IEnumerable<int> ids) =>
        string.Join(' ', ids.Select(id => $"{id}({tokenizer.TokenText(id)})"));
}
