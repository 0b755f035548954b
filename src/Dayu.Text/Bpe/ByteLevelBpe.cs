using System.Runtime.InteropServices;

namespace Dayu.Text;

/// <summary>
/// Byte-level BPE (GPT-2, Llama 3, Qwen): pieces of text, as UTF-8 bytes, merged by rank. Any text has ids, and decoding gives it back.
/// Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", 2.2.
/// </summary>
public sealed class ByteLevelBpe : BpeTokenizer
{
    readonly (Vocabulary, PreTokenization, MergeTable) made;
    readonly int[] byteIds = new int[256];
    readonly List<int> replacement = [];
    readonly TokenTable? wholePieces;

    /// <param name="vocabulary">Bytes of every id.</param> <param name="merges">Ranked merges.</param>
    /// <param name="preTokenization">Cuts text into pieces.</param> <param name="special">Special and added tokens.</param>
    /// <param name="wholePieces">A piece that is a token is that token, whatever merging would give (Llama 3's <c>ignore_merges</c>).</param>
    /// <param name="unknown">The id for a byte that has none; null for that of U+FFFD or, failing this, the unknown token.</param>
    internal ByteLevelBpe(Vocabulary vocabulary, MergeTable merges, PreTokenization preTokenization, SpecialTokens special, bool wholePieces, int? unknown = null)
        : base(vocabulary, merges, preTokenization, special)
    {
        made = (vocabulary, preTokenization, merges);
        if (wholePieces) this.wholePieces = new(vocabulary.Count);
        for (int b = 0; b < 256; b++) byteIds[b] = vocabulary.Count + b;
        for (int id = 0; id < vocabulary.Count; id++)
        {
            var bytes = vocabulary[id];
            if (bytes.IsEmpty || special.IsAdded(id)) continue;
            if (bytes.Length == 1 && byteIds[bytes[0]] >= vocabulary.Count) byteIds[bytes[0]] = id;
            this.wholePieces?.TryAdd(bytes, id);
        }
        if (unknown is { } named) replacement.Add(named);
        else if (!"\uFFFD"u8.ToArray().Any(b => byteIds[b] >= vocabulary.Count)) EncodeOrdinary("\uFFFD", first: false, replacement);
        else if (special.Unk is { } unk) replacement.Add(unk);
    }

    /// <inheritdoc/>
    public override string Kind => "byte-level BPE";

    /// <inheritdoc/>
    public override TokenizerData ToGguf() => GgufForm.Of(this, made.Item1, made.Item2, made.Item3, wholePieces is not null);

    private protected override int FirstSymbols(ReadOnlySpan<byte> piece, Span<int> symbols)
    {
        if (wholePieces is { } whole && whole.TryGet(piece, out symbols[0])) return 1;
        for (int i = 0; i < piece.Length; i++) symbols[i] = byteIds[piece[i]];
        return piece.Length;
    }

    /// <summary>
    /// A byte that the vocabulary lacks (SmolLM has no U+0004, for one) becomes U+FFFD, unless the file names a token for it: it is not dropped without a word.
    /// </summary>
    private protected override void Unmerged(int symbol, IdBuffer ids)
    {
        if (replacement.Count == 0)
            throw new TokenizerException($"The text has the byte 0x{symbol - VocabularySize:X2}, for which this vocabulary has no token, nor any for U+FFFD or unknown text. A byte-level vocabulary has all 256 bytes; the tokenizer file is incomplete.");
        ids.AddRange(CollectionsMarshal.AsSpan(replacement));
    }
}
