using System.Buffers.Binary;
using System.Text;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>
/// Character maps built here, by the format's description, against replacing the longest match by hand.
/// </summary>
public sealed class CharsMapTests
{
    /// <summary>
    /// A double-array trie the slow way: each node's children get the first offset at which all their places are free.
    /// </summary>
    public static byte[] Build(Dictionary<string, string> rules)
    {
        var strings = new List<byte>();
        var units = new uint[1 << 16];
        var (taken, values) = (new HashSet<int> { 0 }, new HashSet<int>());
        var keys = rules.ToDictionary(rule => Convert.ToHexString(Encoding.UTF8.GetBytes(rule.Key)), rule => rule.Value);
        Place(0, "");
        int blocks = taken.Max() / 256 + 1;
        var blob = new List<byte>(BitConverter.GetBytes(blocks * 1024));
        foreach (uint unit in units[..(blocks * 256)]) blob.AddRange(BitConverter.GetBytes(unit));
        return [.. blob, .. strings];

        void Place(int node, string path)
        {
            bool ends = keys.ContainsKey(path);
            var longer = keys.Keys.Where(key => key.Length > path.Length && key.StartsWith(path, StringComparison.Ordinal));
            int[] children = [.. longer.Select(key => Convert.ToInt32(key.Substring(path.Length, 2), 16)).Distinct()];
            int[] places = ends ? [0, .. children] : children;
            int offset = 1;
            while (places.Any(place => taken.Contains(node ^ offset ^ place))) offset++;
            units[node] |= (uint)offset << 10 | (ends ? 1u << 8 : 0);
            foreach (int place in places) taken.Add(node ^ offset ^ place);
            foreach (int child in children) units[node ^ offset ^ child] = (uint)child;
            if (ends)
            {
                units[node ^ offset] = 1u << 31 | (uint)strings.Count;
                strings.AddRange([.. Encoding.UTF8.GetBytes(keys[path]), 0]);
            }
            foreach (int child in children) Place(node ^ offset ^ child, $"{path}{child:X2}");
        }
    }

    static string ByHand(string text, Dictionary<string, string> rules)
    {
        var result = new StringBuilder();
        for (int at = 0; at < text.Length;)
        {
            var key = rules.Keys.Where(k => text.AsSpan(at).StartsWith(k, StringComparison.Ordinal)).MaxBy(k => k.Length);
            result.Append(key is null ? text[at].ToString() : rules[key]);
            at += key?.Length ?? 1;
        }
        return result.ToString();
    }

    static readonly Dictionary<string, string> rules = new()
    {
        ["Ａ"] = "A", ["ﬁ"] = "fi", ["½"] = "1/2", ["\t"] = " ", ["\u200b"] = "", ["😀"] = ":)",
        ["e\u0301"] = "é", ["e"] = "e",
        ["abc"] = "x", ["ab"] = "y",
        ["漢"] = "(kan)", ["漢字"] = "kanji",
    };

    [Fact]
    public void TheLongestMatchIsReplaced()
    {
        var (map, random) = (new CharsMap(Build(rules)), new Random(13));
        Assert.Equal("fi é x y yd kanji(kan) :)1/2", map.Normalize("ﬁ e\u0301 abc ab abd 漢字漢\t😀½\u200b").ToString());
        string[] parts = [.. rules.Keys, "a", "b", "c", "d", " ", "\u0301", "é", "字"];
        for (int i = 0; i < Sizes.Of(2000, 40_000); i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => parts[random.Next(parts.Length)]));
            Assert.Equal(ByHand(text, rules), map.Normalize(text).ToString());
        }
        Assert.Equal("\uFFFDd", map.Normalize("\uD800d").ToString());
        string plain = "HTTP 200: OK";
        Assert.True(map.Normalize(plain) == plain.AsSpan());         // the same memory
    }

    /// <summary>
    /// A map that is cut off or changed gives an error or a map; looking things up in it neither fails nor hangs.
    /// </summary>
    [Fact]
    public void DamagedMaps()
    {
        var (blob, random) = (Build(rules), new Random(14));
        var text = string.Concat(rules.Keys) + " plain é 漢漢 abcabc";
        for (int i = 0; i < Sizes.Of(5000, 100_000); i++)
        {
            var damaged = blob.AsSpan(0, i % 3 == 0 ? random.Next(blob.Length) : blob.Length).ToArray();
            for (int n = random.Next(1, 6); n > 0 && damaged.Length > 0; n--)
            {
                int units = Math.Clamp(damaged.Length / 4 - 2, 0, 64);
                int at = random.Next(2) == 0 ? random.Next(damaged.Length) : 4 + 4 * random.Next(1 + units);
                if (at < damaged.Length) damaged[at] = (byte)random.Next(256);
            }
            try { _ = new CharsMap(damaged).Normalize(text).ToString(); }
            catch (TokenizerException e) { Assert.Contains("precompiled_charsmap", e.Message); }
        }
        foreach (int size in (int[])[-1, 0, 3, 4, 1 << 30])
        {
            var wrong = blob.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(wrong, size);
            Assert.Throws<TokenizerException>(() => new CharsMap(wrong));
        }
        Assert.Throws<TokenizerException>(() => new CharsMap([]));
        var root = blob.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(root.AsSpan(4), uint.MaxValue);       // marked as a value, and leading far out
        Assert.Throws<TokenizerException>(() => new CharsMap(root));
    }

    /// <summary>
    /// A node that is its own child: as long as the text goes on so does the match, and it must not take quadratic
    /// time.
    /// </summary>
    [Fact]
    public void ACircleInTheTrieIsBounded()
    {
        var blob = new byte[4 + 1024];
        BinaryPrimitives.WriteInt32LittleEndian(blob, 1024);
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(4), (uint)'b' << 10);       // the root's child for 'a' is at 'b' ^ 'a'
        int node = 'b' ^ 'a';
        BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(4 + 4 * node), (uint)'a' << 10 | 'a');       // whose child for 'a' is itself
        var text = new string('a', 300_000);
        Assert.Equal(text, new CharsMap(blob).Normalize(text).ToString());
    }
}
