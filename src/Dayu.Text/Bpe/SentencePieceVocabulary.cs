using System.Runtime.InteropServices;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// A scored vocabulary as merges: for each token, every split into two symbols is a merge, ranked by the token's score,
/// so that one algorithm serves scores and ranks. A character that is in longer tokens but is no token itself gets a
/// symbol beyond the ids.
/// </summary>
sealed class SentencePieceVocabulary
{
    /// <summary>The longest token in bytes. A token of n bytes has n - 1 splits, each of which is looked up.</summary>
    const int MaxLength = 512;

    readonly TokenTable ids;
    readonly Dictionary<Rune, int> symbols = [];
    readonly List<Rune> characters = [];

    /// <param name="tokens">Texts by id, with U+2581 for a space.</param>
    /// <param name="scores">A score for each.</param>
    /// <param name="kinds">The kind of each.</param>
    public SentencePieceVocabulary(IReadOnlyList<string> tokens, IReadOnlyList<float> scores, IReadOnlyList<TokenKind> kinds)
    {
        ids = new(tokens.Count);
        Array.Fill(ByteIds, -1);
        var bytes = new byte[tokens.Count][];
        for (int id = 0; id < tokens.Count; id++)
        {
            bytes[id] = SentencePieceText.BytesOf(tokens[id], kinds[id], id);
            if (kinds[id] == TokenKind.Byte) ByteIds[bytes[id][0]] = id;
        }
        Bytes = new(bytes);
        var ranks = Ranks(scores);
        int[] normal = [.. Enumerable.Range(0, tokens.Count).Where(id => kinds[id] == TokenKind.Normal && bytes[id].Length > 0)];
        foreach (int id in normal) AddToken(id, bytes[id]);
        var merges = new List<(int, int, int, int)>();
        foreach (int id in normal) AddMerges(id, bytes[id], ranks[id], merges);
        Merges = new(CollectionsMarshal.AsSpan(merges));
    }

    /// <summary>The bytes of every id.</summary>
    public Vocabulary Bytes { get; }

    /// <summary>Every way two symbols make a token.</summary>
    public MergeTable Merges { get; }

    /// <summary>The id of each byte's token; -1 for none.</summary>
    public int[] ByteIds { get; } = new int[256];

    /// <summary>
    /// Whether some token has a space behind another character, so that text must not be split at spaces.
    /// </summary>
    public bool JoinsWords { get; private set; }

    /// <summary>The symbol of a character; null if no token has it.</summary>
    public int? SymbolOf(Rune character) => symbols.TryGetValue(character, out int symbol) ? symbol : null;

    /// <summary>The character of a symbol that is no id.</summary>
    public Rune CharacterOf(int symbol) => characters[symbol - Bytes.Count];

    void AddToken(int id, byte[] bytes)
    {
        if (bytes.Length > MaxLength)
            throw new TokenizerException($"Token {id} has {bytes.Length} bytes; at most {MaxLength} were expected. "
                + "The tokenizer file is damaged, or its lengths were misread.");
        ids.TryAdd(bytes, id);
        Rune.DecodeFromUtf8(bytes, out var first, out int length);
        if (length == bytes.Length) symbols.TryAdd(first, id);
        int word = bytes.AsSpan().IndexOfAnyExcept((byte)' ');
        JoinsWords |= word >= 0 && bytes.AsSpan(word).Contains((byte)' ');
    }

    void AddMerges(int id, ReadOnlySpan<byte> token, int rank, List<(int, int, int, int)> merges)
    {
        for (int split = 0; split < token.Length;)
        {
            Rune.DecodeFromUtf8(token[split..], out _, out int length);
            split += length;
            if (split == token.Length) break;
            if (Symbol(token[..split]) is { } left && Symbol(token[split..]) is { } right) merges.Add((left, right, rank, id));
        }
    }

    /// <summary>
    /// The symbol of a part of a token that is a token itself, or a single character; null for any other part, which
    /// merging never reaches.
    /// </summary>
    int? Symbol(ReadOnlySpan<byte> part)
    {
        if (ids.TryGet(part, out int id)) return id;
        Rune.DecodeFromUtf8(part, out var character, out int length);
        if (length != part.Length) return null;
        if (symbols.TryAdd(character, Bytes.Count + characters.Count)) characters.Add(character);
        return symbols[character];
    }

    /// <summary>
    /// 0 for the highest score. Equal scores share a rank, so that of them the leftmost merges first.
    /// </summary>
    static int[] Ranks(IReadOnlyList<float> scores)
    {
        var order = Enumerable.Range(0, scores.Count).ToArray();
        Array.Sort(order, (a, b) => scores[b].CompareTo(scores[a]));
        var ranks = new int[order.Length];
        for (int i = 1; i < order.Length; i++)
        {
            int id = order[i], before = order[i - 1];
            ranks[id] = ranks[before] + (scores[id].Equals(scores[before]) ? 0 : 1);
        }
        return ranks;
    }
}
