using System.Buffers;

namespace Dayu.Text;

/// <summary>
/// A tokenizer's special tokens: beginning and end of a text, unknown, padding, and all added tokens. Absent ones are
/// null.
/// </summary>
public sealed class SpecialTokens
{
    /// <summary>
    /// Tokens that end a model's turn whatever its file says, since files often name only one of several.
    /// </summary>
    static readonly string[] endings =
    [
        "<|endoftext|>", "<|im_end|>", "<|end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>",
        "<|end_of_turn|>", "<end_of_turn>", "<|return|>", "<|call|>",
        "<EOT>", "_<EOT>", "< EOT >", "[EOT]", "<|EOT|>", "</s>", "<eos>", "<end_of_utterance>", "<｜end▁of▁sentence｜>",
    ];

    static readonly TokenTable endingsInUtf8 = TokenTable.Of(endings.ToDictionary(text => text, _ => 0));

    static readonly SearchValues<byte> endingsBegin = SearchValues.Create([.. endings.Select(text => (byte)text[0])]);

    readonly Dictionary<int, AddedToken> byId = [];
    readonly Dictionary<string, int> byText = new(StringComparer.Ordinal);
    readonly int[] endOfGeneration;

    /// <summary>Nothing is special.</summary>
    public static SpecialTokens None { get; } = new([]);

    /// <param name="added">Every token that is matched as a whole. Of two with one text the first counts.</param>
    /// <param name="bos">Beginning of a text.</param>
    /// <param name="eos">End of a text.</param>
    /// <param name="unk">Stands for what has no id.</param>
    /// <param name="pad">Fills up a batch.</param>
    /// <param name="addBos">Whether encoding begins with <paramref name="bos"/>.</param>
    /// <param name="addEos">Whether encoding ends with <paramref name="eos"/>.</param>
    /// <param name="alsoEnd">
    /// Further ids that end a generation. Tokens whose text is a well-known ending (&lt;|im_end|&gt;) need not be among
    /// them.
    /// </param>
    public SpecialTokens(
        IReadOnlyList<AddedToken> added, int? bos = null, int? eos = null, int? unk = null, int? pad = null,
        bool addBos = false, bool addEos = false, params ReadOnlySpan<int?> alsoEnd)
    {
        ArgumentNullException.ThrowIfNull(added);
        (Added, Bos, Eos, Unk, Pad, AddBos, AddEos) = (added, bos, eos, unk, pad, addBos, addEos);
        foreach (var token in added)
        {
            byId.TryAdd(token.Id, token);
            byText.TryAdd(token.Text, token.Id);
        }
        var ends = new SortedSet<int>();
        if (eos is { } end) ends.Add(end);
        foreach (var id in alsoEnd)
            if (id is { } also) ends.Add(also);
        foreach (var text in endings)
            if (byText.TryGetValue(text, out int known)) ends.Add(known);
        endOfGeneration = [.. ends];
    }

    /// <summary>Beginning of a text.</summary>
    public int? Bos { get; }

    /// <summary>End of a text.</summary>
    public int? Eos { get; }

    /// <summary>Stands for what has no id.</summary>
    public int? Unk { get; }

    /// <summary>Fills up a batch.</summary>
    public int? Pad { get; }

    /// <summary>Whether encoding begins with <see cref="Bos"/>.</summary>
    public bool AddBos { get; }

    /// <summary>Whether encoding ends with <see cref="Eos"/>.</summary>
    public bool AddEos { get; }

    /// <summary>
    /// The tokens that encoding begins with; null for <see cref="Bos"/> or nothing, as <see cref="AddBos"/> says.
    /// </summary>
    public IReadOnlyList<int>? Before { get; init; }

    /// <summary>
    /// The tokens that encoding ends with; null for <see cref="Eos"/> or nothing, as <see cref="AddEos"/> says.
    /// </summary>
    public IReadOnlyList<int>? After { get; init; }

    /// <summary>The tokens between two texts; null for those that encoding ends with.</summary>
    public IReadOnlyList<int>? Between { get; init; }

    /// <summary>The token type of the second of two texts; that of the first is 0.</summary>
    public int SecondType { get; init; } = 1;

    /// <summary>What the file says of special tokens that is not so and was left out, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Every token that is matched in a text as a whole.</summary>
    public IReadOnlyList<AddedToken> Added { get; }

    /// <summary>The ids that end a generation, ascending: end of text, of turn, of message.</summary>
    public ReadOnlySpan<int> EndOfGeneration => endOfGeneration;

    /// <summary>Whether this is the text of a token that ends a turn in every model that has it.</summary>
    /// <param name="utf8">The text.</param>
    internal static bool IsEnding(ReadOnlySpan<byte> utf8) =>
        !utf8.IsEmpty && endingsBegin.Contains(utf8[0]) && endingsInUtf8.TryGet(utf8, out _);

    /// <summary>Whether generation stops after this id.</summary>
    public bool Ends(int id) => endOfGeneration.AsSpan().Contains(id);

    /// <summary>Whether the id is an added token, control or not.</summary>
    public bool IsAdded(int id) => byId.ContainsKey(id);

    /// <summary>Whether the id is a control token.</summary>
    public bool IsControl(int id) => byId.TryGetValue(id, out var token) && token.Control;

    /// <summary>
    /// Whether ordinary text after it is encoded as a text of its own. A normalized token is part of the text around it,
    /// and so is an unknown one, which the model made.
    /// </summary>
    internal bool EndsSpan(int id) => byId.TryGetValue(id, out var token) && !token.Normalized && id != Unk;

    /// <summary>The id of an added token's text; null if there is none.</summary>
    public int? IdOf(string text) => byText.TryGetValue(text, out int id) ? id : null;
}
