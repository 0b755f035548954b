using System.Text;
using System.Text.Json;
using Dayu.Text;

namespace Dayu.Tests;

/// <summary>
/// Small tokenizer.json files, each with the ids that Hugging Face's tokenizers (0.23.2, in Rust) gives for texts;
/// <c>make.mjs</c> beside them makes them.
/// </summary>
public sealed class TokenizerJsonTests
{
    static readonly string folder = Path.Combine(Fixtures.Repo, "tests", "fixtures", "tokenizers");

    public static TheoryData<string> All()
    {
        var names = Directory.EnumerateFiles(folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file));
        return [.. names.Order(StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(All))]
    public void IdsAreThoseOfTheReference(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, name + ".json")));
        var tokenizer = Tokenizers.FromJson(Encoding.UTF8.GetBytes(file.RootElement.GetProperty("tokenizer").GetRawText()));
        var wrong = new List<string>();
        foreach (var one in file.RootElement.GetProperty("cases").EnumerateArray())
        {
            string text = one.GetProperty("text").GetString()!;
            int[] ids = Ids(one, "ids");
            Check("", ids, tokenizer.Encode(text, addSpecial: false));
            bool beginsWithBos = ids.Length > 0 && tokenizer.Special.Bos == ids[0];
            if (one.TryGetProperty("whole", out _) && !beginsWithBos)
                Check(" with special tokens", Ids(one, "whole"), tokenizer.Encode(text));
            var (decoded, here) = (one.GetProperty("decoded").GetString()!, tokenizer.Decode(ids));
            if (here != decoded && !Differs(tokenizer, ids, decoded))
                wrong.Add($"{Shown(text)}: decoded {Shown(decoded)}, here {Shown(here)}");

            void Check(string how, int[] expected, List<int> found)
            {
                if (found.SequenceEqual(expected)) return;
                wrong.Add($"{Shown(text)}{how}: {string.Join(' ', expected)}, here {string.Join(' ', found)}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>
    /// Where decoding differs on purpose: the space that encoding adds after an added token is removed again; invalid
    /// UTF-8 becomes U+FFFD as Unicode recommends, not one for each byte; of several spaces that begin a text one is
    /// removed, not all of their token; an added token is written as it was given, not as it is normalized.
    /// </summary>
    static bool Differs(Tokenizer tokenizer, int[] ids, string decoded)
    {
        string here = tokenizer.Decode(ids);
        if (here.Contains('\uFFFD')) return true;
        if (tokenizer.Special.Added.Any(token => token.Normalized && ids.Contains(token.Id))) return true;
        bool differsInFirstSpaces = ids.Any(tokenizer.Special.IsAdded) || here.TrimStart(' ') == decoded.TrimStart(' ');
        return tokenizer.PrefixSpace != PrependScheme.Never && differsInFirstSpaces;
    }

    static int[] Ids(JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    static string Shown(string text) => JsonSerializer.Serialize(text);
}
