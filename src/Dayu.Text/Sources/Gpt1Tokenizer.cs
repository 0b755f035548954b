using System.Text;
using System.Text.Json.Nodes;

namespace Dayu.Text;

/// <summary>GPT-1's tokenizer (Radford et al. 2018): BPE over characters, the last of a word marked <c>&lt;/w></c>; text is cleaned, put in lower case and cut into words first.</summary>
static class Gpt1Tokenizer
{
    const string EndOfWord = "</w>", Unknown = "<unk>";

    public static Tokenizer Read(JsonObject vocabulary, string[] merges)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var texts = new byte[vocabulary.Count][];
        foreach (var (token, value) in vocabulary)
        {
            int id = value is JsonValue number && number.TryGetValue(out int n) && n >= 0 && n < texts.Length ? n
                : throw new TokenizerException($"vocab.json: '{token}' has id {value?.ToJsonString() ?? "null"}; a whole number from 0 to {texts.Length - 1} was expected. The file is damaged.");
            ids.Add(token, id);
            texts[id] = texts[id] is null ? Encoding.UTF8.GetBytes(token.Replace(EndOfWord, " ", StringComparison.Ordinal)) : throw new TokenizerException($"vocab.json: two tokens have id {id}, '{token}' is one. The file is damaged.");
        }
        var table = RankedMerges.Read(ids, merges.Select((line, i) => RankedMerges.Halves(line, $"merges.txt[{i}]")), "merges.txt");
        int? unknown = ids.TryGetValue(Unknown, out int unk) ? unk : null;
        var special = new SpecialTokens(unknown is { } id0 ? [new(id0, Unknown)] : [], unk: unknown);
        return new CharacterBpe(new(texts), ids, table, new(new WholeSplitter(), new Gpt1Words(), new Gpt1Text()), special, new(Suffix: EndOfWord, Unknown: unknown)) { Spaces = (PrependScheme.Never, true) };
    }
}
