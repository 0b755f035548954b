using System.Runtime.InteropServices;

namespace Dayu.Text;

/// <summary>What a byte-level BPE consists of, apart from special tokens.</summary>
/// <param name="Vocabulary">Bytes of every id.</param>
/// <param name="Merges">Ranked merges.</param>
/// <param name="PreTokenization">What is done to a text before merging.</param>
/// <param name="IgnoreMerges">
/// Whether a pre-token that is a token becomes that token, whatever merging would give (Llama 3's
/// <c>ignore_merges</c>).
/// </param>
sealed record ByteLevelBpeParts(Vocabulary Vocabulary, MergeTable Merges, PreTokenization PreTokenization, bool IgnoreMerges);

/// <summary>
/// Byte-level BPE (GPT-2, Llama 3, Qwen): pre-tokens, as UTF-8 bytes, merged by rank. Any text has ids, and decoding
/// restores it. Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", 2.2.
/// </summary>
sealed class ByteLevelBpe : BpeTokenizer
{
    readonly ByteLevelBpeParts parts;
    readonly int[] byteIds = new int[256];
    readonly List<int> replacement = [];
    readonly TokenTable? wholeTokens;

    /// <param name="parts">Vocabulary, merges, pre-tokenization.</param>
    /// <param name="special">Special and added tokens.</param>
    /// <param name="unknown">
    /// The id for a byte that has none; null for that of U+FFFD or, failing this, the unknown token.
    /// </param>
    public ByteLevelBpe(ByteLevelBpeParts parts, SpecialTokens special, int? unknown = null)
        : base(parts.Vocabulary, parts.Merges, parts.PreTokenization, special)
    {
        this.parts = parts;
        var vocabulary = parts.Vocabulary;
        if (parts.IgnoreMerges) wholeTokens = new(vocabulary.Count);
        for (int b = 0; b < 256; b++) byteIds[b] = vocabulary.Count + b;
        for (int id = 0; id < vocabulary.Count; id++)
        {
            var bytes = vocabulary[id];
            if (bytes.IsEmpty || special.IsAdded(id)) continue;
            if (bytes.Length == 1 && byteIds[bytes[0]] >= vocabulary.Count) byteIds[bytes[0]] = id;
            wholeTokens?.TryAdd(bytes, id);
        }
        bool hasReplacement = "\uFFFD"u8.ToArray().All(b => byteIds[b] < vocabulary.Count);
        if (unknown is { } named) replacement.Add(named);
        else if (hasReplacement) EncodeOrdinary("\uFFFD", first: false, replacement);
        else if (special.Unk is { } unk) replacement.Add(unk);
    }

    public override string Kind => "byte-level BPE";

    public override TokenizerData ToGguf() => GgufTokenizerWriter.Write(this, parts);

    private protected override int FirstSymbols(ReadOnlySpan<byte> preToken, Span<int> symbols)
    {
        if (wholeTokens is { } whole && whole.TryGet(preToken, out symbols[0])) return 1;
        for (int i = 0; i < preToken.Length; i++) symbols[i] = byteIds[preToken[i]];
        return preToken.Length;
    }

    /// <summary>
    /// A byte that the vocabulary lacks (SmolLM has no U+0004, for one) becomes U+FFFD, unless the file names a token
    /// for it; to drop it would lose text silently.
    /// </summary>
    private protected override void Unmerged(int symbol, IdBuffer ids)
    {
        if (replacement.Count == 0)
            throw new TokenizerException($"The text has the byte 0x{symbol - VocabularySize:X2}, for which this vocabulary "
                + "has no token, nor any for U+FFFD or unknown text. A byte-level vocabulary has all 256 bytes; "
                + "the tokenizer file is incomplete.");
        ids.AddRange(CollectionsMarshal.AsSpan(replacement));
    }
}
