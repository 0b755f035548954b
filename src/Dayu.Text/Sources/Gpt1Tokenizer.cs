using System.Text;

namespace Dayu.Text;

/// <summary>
/// GPT-1's tokenizer (Radford et al. 2018): text is cleaned, lowercased and split into words, and BPE merges the
/// characters of a word, the last of which is marked <c>&lt;/w></c>.
/// </summary>
static class Gpt1Tokenizer
{
    const string EndOfWord = "</w>", Unknown = "<unk>";

    public static Tokenizer Read(JsonAt vocabulary, string[] merges)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (token, id) in vocabulary.Members()) ids[token] = id.Int();
        var texts = new byte[ids.Count][];
        foreach (var (token, id) in ids)
        {
            if ((uint)id >= (uint)texts.Length || texts[id] is not null) throw Damaged(vocabulary[token], id, texts.Length);
            texts[id] = Encoding.UTF8.GetBytes(token.Replace(EndOfWord, " ", StringComparison.Ordinal));
        }
        var table = new RankedMerges(TokenTable.Of(ids), [.. merges], "merges.txt").Table();
        int? unknown = ids.TryGetValue(Unknown, out int unk) ? unk : null;
        var special = new SpecialTokens(unknown is { } id0 ? [new(id0, Unknown)] : [], unk: unknown);
        var preTokenization = new PreTokenization(new WholeSplitter(), new Gpt1Words(), new Gpt1Text());
        var options = new CharacterBpeOptions(Suffix: EndOfWord, Unknown: unknown);
        return new CharacterBpe(new(texts), ids, table, preTokenization, special, options)
        {
            Spaces = (PrependScheme.Never, true),
        };
    }

    static TokenizerException Damaged(JsonAt token, int id, int count) => new($"{token.Path}: id {id}; "
        + $"{count} tokens with one each of the ids 0 to {count - 1} were expected. The file is damaged.");
}
