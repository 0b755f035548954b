using System.Text;

namespace Dayu.Text;

/// <summary>GPT-1's tokenizer (Radford et al. 2018): BPE over characters, the last of a word marked <c>&lt;/w></c>; text is cleaned, put in lower case and cut into words first.</summary>
static class Gpt1Tokenizer
{
    const string EndOfWord = "</w>", Unknown = "<unk>";

    public static Tokenizer Read(JsonAt vocabulary, string[] merges)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var texts = new byte[vocabulary.Members().Count()][];
        foreach (var (token, value) in vocabulary.Members())
        {
            int id = value.Int();
            if ((uint)id >= (uint)texts.Length || texts[id] is not null || !ids.TryAdd(token, id))
                throw new TokenizerException($"{value.Path}: id {id}; {texts.Length} tokens with one each of the ids 0 to {texts.Length - 1} were expected. The file is damaged.");
            texts[id] = Encoding.UTF8.GetBytes(token.Replace(EndOfWord, " ", StringComparison.Ordinal));
        }
        var table = new RankedMerges(TokenTable.Of(ids), [.. merges], "merges.txt").Table();
        int? unknown = ids.TryGetValue(Unknown, out int unk) ? unk : null;
        var special = new SpecialTokens(unknown is { } id0 ? [new(id0, Unknown)] : [], unk: unknown);
        return new CharacterBpe(new(texts), ids, table, new(new WholeSplitter(), new Gpt1Words(), new Gpt1Text()), special, new(Suffix: EndOfWord, Unknown: unknown)) { Spaces = (PrependScheme.Never, true) };
    }
}
