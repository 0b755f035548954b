using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Dayu.Text;

/// <summary>What a token of a SentencePiece vocabulary is; the numbers are those of <c>tokenizer.ggml.token_type</c>.</summary>
enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>
/// A scored vocabulary as merges: for each token, every way to cut it into two symbols is a merge, ranked by the token's score. So scores and ranks share one algorithm.
/// A character that is in longer tokens but is none itself gets a symbol beyond the ids.
/// </summary>
sealed class SentencePieces
{
    /// <summary>How SentencePiece writes a space: ▁.</summary>
    public const char Underline = '\u2581';

    /// <summary>Longest token in bytes: a token of n bytes is cut in n places, each of which is looked up.</summary>
    const int MaxLength = 512;

    readonly TokenTable ids;
    readonly Dictionary<Rune, int> symbols = [];
    readonly List<Rune> characters = [];

    /// <param name="tokens">Texts by id, with U+2581 for a space.</param> <param name="scores">A score for each.</param> <param name="kinds">What each is.</param>
    public SentencePieces(IReadOnlyList<string> tokens, IReadOnlyList<float> scores, IReadOnlyList<PieceKind> kinds)
    {
        ids = new(tokens.Count);
        Array.Fill(ByteIds, -1);
        var bytes = new byte[tokens.Count][];
        for (int id = 0; id < tokens.Count; id++)
        {
            bytes[id] = kinds[id] == PieceKind.Byte ? [ByteOf(tokens[id], id)] : Encoding.UTF8.GetBytes(tokens[id].Replace(Underline, ' '));
            if (kinds[id] == PieceKind.Byte) ByteIds[bytes[id][0]] = id;
        }
        Vocabulary = new(bytes);
        var ranks = Ranks(scores);
        int[] normal = [.. Enumerable.Range(0, tokens.Count).Where(id => kinds[id] == PieceKind.Normal && bytes[id].Length > 0)];
        foreach (int id in normal) AddToken(id, bytes[id]);
        var merges = new List<(int, int, int, int)>();
        foreach (int id in normal) AddMerges(id, bytes[id], ranks[id], merges);
        Merges = new(CollectionsMarshal.AsSpan(merges));
    }

    /// <summary>The bytes of every id.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Every way two symbols make a token.</summary>
    public MergeTable Merges { get; }

    /// <summary>The id of each byte's token; -1 for none.</summary>
    public int[] ByteIds { get; } = new int[256];

    /// <summary>Whether some token has a space behind another character, so that text must not be cut at spaces.</summary>
    public bool JoinWords { get; private set; }

    /// <summary>The symbol of a character; null if no token has it.</summary>
    public int? SymbolOf(Rune character) => symbols.TryGetValue(character, out int symbol) ? symbol : null;

    /// <summary>The character of a symbol that is no id.</summary>
    public Rune CharacterOf(int symbol) => characters[symbol - Vocabulary.Count];

    void AddToken(int id, byte[] bytes)
    {
        if (bytes.Length > MaxLength)
            throw new TokenizerException($"Token {id} has {bytes.Length} bytes; at most {MaxLength} were expected. The tokenizer file is damaged, or its lengths were misread.");
        ids.TryAdd(bytes, id);
        Rune.DecodeFromUtf8(bytes, out var first, out int length);
        if (length == bytes.Length) symbols.TryAdd(first, id);
        int word = bytes.AsSpan().IndexOfAnyExcept((byte)' ');
        JoinWords |= word >= 0 && bytes.AsSpan(word).Contains((byte)' ');
    }

    void AddMerges(int id, byte[] bytes, int rank, List<(int, int, int, int)> merges)
    {
        for (int cut = 0; cut < bytes.Length;)
        {
            Rune.DecodeFromUtf8(bytes.AsSpan(cut), out _, out int length);
            cut += length;
            if (cut < bytes.Length && Symbol(bytes.AsSpan(0, cut)) is { } left && Symbol(bytes.AsSpan(cut)) is { } right) merges.Add((left, right, rank, id));
        }
    }

    /// <summary>The symbol of a part of a token: a token, or a single character; null for anything else, which merging never reaches.</summary>
    int? Symbol(ReadOnlySpan<byte> part)
    {
        if (ids.TryGet(part, out int id)) return id;
        Rune.DecodeFromUtf8(part, out var character, out int length);
        if (length != part.Length) return null;
        if (symbols.TryAdd(character, Vocabulary.Count + characters.Count)) characters.Add(character);
        return symbols[character];
    }

    /// <summary>0 for the highest score; equal scores share a rank, so that of them the leftmost merges first.</summary>
    static int[] Ranks(IReadOnlyList<float> scores)
    {
        var order = Enumerable.Range(0, scores.Count).ToArray();
        Array.Sort(order, (a, b) => scores[b].CompareTo(scores[a]));
        var ranks = new int[order.Length];
        for (int i = 1; i < order.Length; i++) ranks[order[i]] = ranks[order[i - 1]] + (scores[order[i]].Equals(scores[order[i - 1]]) ? 0 : 1);
        return ranks;
    }

    /// <summary>The byte that <c>&lt;0xE4></c> stands for.</summary>
    public static byte ByteOf(string token, int id) =>
        token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, null, out byte b) ? b
            : throw new TokenizerException($"Token {id} is marked as a byte, but its text is '{token}'; <0x00> to <0xFF> were expected. The tokenizer file is damaged.");
}
