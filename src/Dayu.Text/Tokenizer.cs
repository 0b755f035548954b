using System.Buffers;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// Text to ids and back. A kind of tokenizer implements <see cref="EncodeOrdinary"/> and <see cref="BytesOf"/>;
/// everything else is derived once, here. Immutable: any number of threads may use one.
/// </summary>
public abstract class Tokenizer
{
    readonly AddedTokenMatcher added;
    readonly AddedTokenMatcher? addedInNormalized;
    readonly bool controlInNormalized;
    readonly Normalizer? normalizer;

    /// <summary>Takes what all kinds of tokenizers have.</summary>
    /// <param name="special">The special tokens.</param>
    /// <param name="normalizer">What is done to ordinary text first; null for nothing.</param>
    protected Tokenizer(SpecialTokens special, Normalizer? normalizer = null)
    {
        ArgumentNullException.ThrowIfNull(special);
        (Special, this.normalizer) = (special, normalizer);
        added = new([.. special.Added.Where(token => !token.Normalized)]);
        var normalized = special.Added
            .Where(token => token.Normalized)
            .Select(token => token with { Text = Normalized(token.Text).ToString() })
            .Where(token => token.Text.Length > 0)
            .ToArray();
        if (normalized.Length > 0) addedInNormalized = new(normalized);
        controlInNormalized = normalized.Any(token => token.Control);
    }

    /// <summary>Beginning, end, unknown, padding, and every other token that is matched in a text as a whole.</summary>
    public SpecialTokens Special { get; }

    /// <summary>
    /// What its file says that is not so and was left out, a sentence each: a special token that no vocabulary has.
    /// </summary>
    public IReadOnlyList<string> Warnings => Special.Warnings;

    /// <summary>What the algorithm is called: "WordPiece".</summary>
    public abstract string Kind { get; }

    /// <summary>The tokenizer as GGUF metadata.</summary>
    /// <exception cref="TokenizerException">
    /// GGUF cannot express it; the message says why, and which tokenizers it can express.
    /// </exception>
    public virtual TokenizerData ToGguf() => throw GgufTokenizerWriter.Cannot(this, "readers know no such kind");

    /// <summary>How many ids there are. Ids are 0 to this, exclusive.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Appends the ids of a text in which nothing is special.</summary>
    /// <param name="text">Normalized text; not empty.</param>
    /// <param name="first">Whether it begins where the whole text begins.</param>
    /// <param name="ids">Receives the ids.</param>
    protected abstract void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids);

    /// <summary>The same on several threads, where a kind knows how.</summary>
    private protected virtual void EncodeLong(ReadOnlySpan<char> text, bool first, List<int> ids, int threads) =>
        EncodeOrdinary(text, first, ids);

    /// <summary>
    /// The bytes that an id stands for. A character's UTF-8 may be divided between two ids; the bytes of a special
    /// token are those of its text, which is normalized where it is matched so.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in 0..VocabularySize-1.</exception>
    public abstract ReadOnlySpan<byte> BytesOf(int id);

    /// <summary>Where encoding adds a space that decoding removes.</summary>
    public virtual PrependScheme PrefixSpace => PrependScheme.Never;

    /// <summary>
    /// Whether words end with a space (GPT-1's <c>&lt;/w></c>), which decoding removes from the last one.
    /// </summary>
    public virtual bool EndsWithSpace => false;

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any string; a lone surrogate counts as U+FFFD.</param>
    /// <param name="addSpecial">
    /// Adds BOS and EOS where the tokenizer says so; a BOS that the text already begins with is not doubled.
    /// </param>
    /// <param name="parseSpecial">
    /// Whether the text of a control token (<c>&lt;|im_end|&gt;</c>) means that token. Leave it off for untrusted text.
    /// Added tokens that are not control tokens are always matched.
    /// </param>
    public List<int> Encode(string text, bool addSpecial = true, bool parseSpecial = true) =>
        EncodeOn(1, text, addSpecial, parseSpecial ? ControlSpans.All : ControlSpans.None);

    /// <summary>The ids of a text of which only some parts are trusted, such as a chat template's among what people said.</summary>
    /// <param name="text">Any string; a lone surrogate counts as U+FFFD.</param>
    /// <param name="control">Where the text of a control token means that token.</param>
    /// <param name="addSpecial">As above.</param>
    public List<int> Encode(string text, ControlSpans control, bool addSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(control);
        return EncodeOn(1, text, addSpecial, control);
    }

    List<int> EncodeOn(int threads, string text, bool addSpecial, ControlSpans control)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        bool bos = addSpecial && Special is { AddBos: true, Bos: not null, Before: null };
        if (bos) ids.Add(Special.Bos!.Value);
        if (addSpecial) ids.AddRange(Special.Before ?? []);

        for (int at = 0, from = 0; ;)
        {
            var found = added.Next(text, from, at, control);
            if (found.Start > at) EncodeSpan(text.AsSpan(at, found.Start - at), at, control, ids, threads);
            if (found.Token is not { } token) break;
            bool doubled = bos && at == 0 && found.Start == 0 && token.Id == Special.Bos;
            if (!doubled) ids.Add(token.Id);
            (at, from) = (found.End, found.GoOn);
        }

        if (addSpecial && Special is { AddEos: true, Eos: { } eos, After: null }) ids.Add(eos);
        if (addSpecial) ids.AddRange(Special.After ?? []);
        return ids;
    }

    /// <summary>
    /// Two texts in a row, as models that compare texts read them: <c>[CLS] A [SEP] B [SEP]</c>. (Devlin et al. 2018,
    /// arXiv:1810.04805, section 3.)
    /// </summary>
    /// <param name="first">A.</param>
    /// <param name="second">B.</param>
    /// <param name="parseSpecial">
    /// Whether the text of a control token means that token, as in <see cref="Encode(string, bool, bool)"/>.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The tokenizer adds no token at the end of a text that would separate the two.
    /// </exception>
    public EncodedPair EncodePair(string first, string second, bool parseSpecial = true)
    {
        var after = Special.After ?? (Special is { AddEos: true, Eos: { } eos } ? [eos] : []);
        var between = Special.Between ?? after;
        if (between.Count == 0)
            throw new InvalidOperationException("This tokenizer ends no text with a token such as [SEP], "
                + "so that nothing would stand between two texts. Pairs are for models of BERT's kind.");
        var ids = Encode(first, addSpecial: true, parseSpecial);
        ids.RemoveRange(ids.Count - after.Count, after.Count);
        ids.AddRange(between);
        int[] types = new int[ids.Count];
        ids.AddRange(Encode(second, addSpecial: false, parseSpecial));
        ids.AddRange(after);
        return new([.. ids], [.. types, .. Enumerable.Repeat(Special.SecondType, ids.Count - types.Length)]);
    }

    /// <summary>
    /// Encodes a span between added tokens: normalizes it, and matches the added tokens that are matched in normalized
    /// text.
    /// </summary>
    void EncodeSpan(ReadOnlySpan<char> text, int offset, ControlSpans control, List<int> ids, int threads)
    {
        if (controlInNormalized && control.Differ)
            (text, control) = NormalizedSpans.Normalize(normalizer, text, offset, control);
        else
            text = Normalized(text);
        if (addedInNormalized is null)
        {
            if (text.Length > 0) EncodeLong(text, first: offset == 0, ids, threads);
            return;
        }
        for (int at = 0, from = 0; ;)
        {
            var found = addedInNormalized.Next(text, from, at, control);
            if (found.Start > at) EncodeLong(text[at..found.Start], first: offset == 0 && at == 0, ids, threads);
            if (found.Token is not { } token) break;
            ids.Add(token.Id);
            (at, from) = (found.End, found.GoOn);
        }
    }

    ReadOnlySpan<char> Normalized(ReadOnlySpan<char> text) => normalizer is null ? text : normalizer.Normalize(text);

    /// <summary>
    /// The ids of many texts, in their order, on several threads; each text's are what <see cref="Encode(string, bool, bool)"/> gives. A
    /// very long text is itself encoded in parts, where that changes no id.
    /// </summary>
    /// <param name="texts">Any strings.</param>
    /// <param name="addSpecial">As in <see cref="Encode(string, bool, bool)"/>.</param>
    /// <param name="parseSpecial">As in <see cref="Encode(string, bool, bool)"/>.</param>
    /// <param name="threads">The most threads to use; 0 for as many as the machine has processors.</param>
    public List<int>[] EncodeBatch(IReadOnlyList<string> texts, bool addSpecial = true, bool parseSpecial = true, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        if (threads == 0) threads = Environment.ProcessorCount;
        var ids = new List<int>[texts.Count];
        Batch.For(ids.Length, threads, i => { if (!IsLong(i)) ids[i] = Encode(texts[i], addSpecial, parseSpecial); });
        for (int i = 0; i < ids.Length; i++)
            if (IsLong(i)) ids[i] = EncodeOn(threads, texts[i], addSpecial, parseSpecial ? ControlSpans.All : ControlSpans.None);
        return ids;

        bool IsLong(int i) => texts[i]?.Length > Batch.LongText;
    }

    /// <summary>How many ids <see cref="Encode(string, bool, bool)"/> gives.</summary>
    public int Count(string text, bool addSpecial = true, bool parseSpecial = true) =>
        Encode(text, addSpecial, parseSpecial).Count;

    /// <summary>The text of ids; bytes that are not valid UTF-8 become U+FFFD.</summary>
    /// <param name="ids">Ids as <see cref="Encode(string, bool, bool)"/> gives them.</param>
    /// <param name="skipSpecial">Leaves control tokens out.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var decoder = new StreamingDecoder(this, skipSpecial);
        var text = new StringBuilder();
        foreach (int id in ids) text.Append(decoder.Push(id));
        return text.Append(decoder.Flush()).ToString();
    }

    /// <summary>
    /// A token in readable form: its text, with <c>&lt;0xE4&gt;&lt;0xBD&gt;</c> for bytes that are a part of a
    /// character.
    /// </summary>
    public string TokenText(int id)
    {
        var bytes = BytesOf(id);
        var text = new StringBuilder();
        while (!bytes.IsEmpty)
        {
            bool whole = Rune.DecodeFromUtf8(bytes, out var rune, out int length) == OperationStatus.Done;
            if (whole) text.Append(rune);
            else
                foreach (byte b in bytes[..length]) text.Append($"<0x{b:X2}>");
            bytes = bytes[length..];
        }
        return text.ToString();
    }
}
