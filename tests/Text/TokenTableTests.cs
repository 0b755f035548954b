using System.Text;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>Tables of many short byte strings, against the framework's dictionary.</summary>
public sealed class TokenTableTests
{
    [Theory]
    [InlineData(0), InlineData(5000)]
    public void ATokenTableIsADictionary(int expected)
    {
        var random = new Random(11);
        var (table, known) = (new TokenTable(expected), new Dictionary<string, int>());
        List<byte[]> tokens = [];
        for (int id = 0; id < 5000; id++)
        {
            byte[] token = new byte[random.Next(12)];
            for (int i = 0; i < token.Length; i++) token[i] = (byte)random.Next(4);
            Assert.Equal(known.TryAdd(Convert.ToHexString(token), id), table.TryAdd(token, id));
            tokens.Add(token);
        }
        int next = 0, found = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] token = round < tokens.Count ? tokens[round] : Longer(tokens[random.Next(tokens.Count)]);
            int? id = known.TryGetValue(Convert.ToHexString(token), out int known1) ? known1 : null;
            int split = random.Next(token.Length + 1);
            Assert.Equal(id, table.TryGet(token, out int whole) ? whole : null);
            Assert.Equal(id, table.TryGetNext(token.AsSpan(0, split), token.AsSpan(split), ref next, out int parts) ? parts : null);
            if (id is not null) found++;
        }
        Assert.InRange(found, 5000, 19_900);

        byte[] Longer(byte[] token) => random.Next(2) == 0 ? [.. token, 1] : token;
    }

    /// <summary>Halves that were given apart stay apart, whatever spaces they have.</summary>
    [Fact]
    public void HalvesGivenApartAreNotSplitAgain()
    {
        var ids = TokenTable.Of(new() { ["a b"] = 0, ["c"] = 1, ["a bc"] = 2, [" a"] = 3, ["b"] = 4, [" ab"] = 5 });
        var merges = new RankedMerges(ids, [], "merges");
        merges.Add("a b"u8, "c"u8);
        Assert.Equal([(0, 1)], merges.Table().InOrder());
        merges.Add(""u8, "a b"u8);
        Assert.Contains("merges[1]", Assert.Throws<TokenizerException>(merges.Table).Message);
    }

    [Fact]
    public void TextsComeBackAsStringsAndAsBytes()
    {
        string[] strings = ["", "Ġthe", "大禹", "🙂", new string('x', 5000), "a\0b"];
        Utf8Texts texts = [.. strings];
        Assert.Equal(strings, texts);
        Assert.Equal(strings.Length, texts.Count);
        for (int i = 0; i < strings.Length; i++) Assert.Equal(Encoding.UTF8.GetBytes(strings[i]), texts.Utf8(i).ToArray());
        Assert.Equal(["\uFFFD"], Utf8Texts.Of("\ud800"));
        Assert.Throws<ArgumentOutOfRangeException>(() => texts[strings.Length]);
        Assert.Throws<ArgumentOutOfRangeException>(() => texts[-1]);
    }
}
