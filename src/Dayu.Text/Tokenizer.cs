using System.Text;

namespace Dayu.Text;

/// <summary>
/// Text to ids and back. A kind of tokenizer writes <see cref="EncodeOrdinary"/> and <see cref="BytesOf"/>; everything else is derived once, here.
/// Immutable once made: any number of threads may use one.
/// </summary>
public abstract class Tokenizer
{
    readonly AddedTokenMatcher added;
    readonly AddedTokenMatcher? addedInNormal;
    readonly Normalizer? normalizer;

    /// <summary>What a kind of tokenizer hands up.</summary>
    /// <param name="special">Which of its ids are special.</param> <param name="normalizer">What is done to ordinary text first; null for nothing.</param>
    protected Tokenizer(SpecialTokens special, Normalizer? normalizer = null)
    {
        ArgumentNullException.ThrowIfNull(special);
        (Special, this.normalizer) = (special, normalizer);
        added = new([.. special.Added.Where(token => !token.Normalized)]);
        AddedToken[] normal = [.. special.Added.Where(token => token.Normalized).Select(token => token with { Text = Normal(token.Text).ToString() }).Where(token => token.Text.Length > 0)];
        if (normal.Length > 0) addedInNormal = new(normal);
    }

    /// <summary>Beginning, end, unknown, padding, and every other id that is found in a text as a whole.</summary>
    public SpecialTokens Special { get; }

    /// <summary>What the algorithm is called: "WordPiece".</summary>
    public abstract string Kind { get; }

    /// <summary>What a GGUF file says of it.</summary>
    /// <exception cref="TokenizerException">GGUF has no words for it; the message says why, and which tokenizers it has them for.</exception>
    public virtual TokenizerData ToGguf() => throw GgufForm.Cannot(this, "readers know no such kind");

    /// <summary>How many ids there are: 0 to this, exclusive.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Appends the ids of a text in which nothing is special.</summary>
    /// <param name="text">Normalised; not empty.</param> <param name="first">Whether the whole text begins with it.</param> <param name="ids">Gets the ids.</param>
    protected abstract void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids);

    /// <summary>The same with several threads, where a kind knows how.</summary>
    private protected virtual void EncodeLong(ReadOnlySpan<char> text, bool first, List<int> ids, int threads) => EncodeOrdinary(text, first, ids);

    /// <summary>The bytes that an id stands for. A character's UTF-8 may be cut between two ids; a special token's bytes are its text's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in 0..VocabularySize-1.</exception>
    public abstract ReadOnlySpan<byte> BytesOf(int id);

    /// <summary>Where encoding puts a space that decoding takes away again.</summary>
    public virtual PrependScheme PrefixSpace => PrependScheme.Never;

    /// <summary>Whether words end with a space (GPT-1's <c>&lt;/w></c>), which decoding takes away from the last one.</summary>
    public virtual bool EndsWithSpace => false;

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any string; a lone surrogate counts as U+FFFD.</param>
    /// <param name="addSpecial">Adds beginning and end where the tokenizer says so; a beginning that the text already has is not doubled.</param>
    /// <param name="parseSpecial">Whether the text of a control token (<c>&lt;|im_end|&gt;</c>) means that token. Leave it off for text that a stranger wrote.
    /// Added tokens that are not control tokens are always found.</param>
    public List<int> Encode(string text, bool addSpecial = true, bool parseSpecial = true) => EncodeOn(1, text, addSpecial, parseSpecial);

    List<int> EncodeOn(int threads, string text, bool addSpecial, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        bool bos = addSpecial && Special is { AddBos: true, Bos: not null, Before: null };
        if (bos) ids.Add(Special.Bos!.Value);
        if (addSpecial) ids.AddRange(Special.Before ?? []);

        for (int at = 0; at < text.Length;)
        {
            var found = added.Next(text, at, parseSpecial);
            if (found.Start > at) EncodeStretch(text.AsSpan(at, found.Start - at), first: at == 0, parseSpecial, ids, threads);
            bool doubled = bos && at == 0 && found.Start == 0 && found.Token?.Id == Special.Bos;
            if (found.Token is { } token && !doubled) ids.Add(token.Id);
            at = found.End;
        }

        if (addSpecial && Special is { AddEos: true, Eos: { } eos, After: null }) ids.Add(eos);
        if (addSpecial) ids.AddRange(Special.After ?? []);
        return ids;
    }

    /// <summary>Two texts in a row, as models that compare texts read them: <c>[CLS] A [SEP] B [SEP]</c>. (Devlin et al. 2018, arXiv:1810.04805, section 3.)</summary>
    /// <param name="first">A.</param> <param name="second">B.</param>
    /// <param name="parseSpecial">Whether the text of a control token means that token, as in <see cref="Encode"/>.</param>
    /// <exception cref="InvalidOperationException">The tokenizer ends no text with a token, so that nothing would stand between the two.</exception>
    public EncodedPair EncodePair(string first, string second, bool parseSpecial = true)
    {
        IReadOnlyList<int> after = Special.After ?? (Special is { AddEos: true, Eos: { } eos } ? [eos] : []), between = Special.Between ?? after;
        if (between.Count == 0) throw new InvalidOperationException("This tokenizer ends no text with a token such as [SEP], so that nothing would stand between two texts. Pairs are for models of BERT's kind.");
        var ids = Encode(first, addSpecial: true, parseSpecial);
        ids.RemoveRange(ids.Count - after.Count, after.Count);
        ids.AddRange(between);
        int[] types = new int[ids.Count];
        ids.AddRange(Encode(second, addSpecial: false, parseSpecial));
        ids.AddRange(after);
        return new([.. ids], [.. types, .. Enumerable.Repeat(Special.SecondType, ids.Count - types.Length)]);
    }

    /// <summary>Text without tokens that are found before it is normalised.</summary>
    void EncodeStretch(ReadOnlySpan<char> text, bool first, bool parseSpecial, List<int> ids, int threads)
    {
        text = Normal(text);
        for (int at = 0; at < text.Length;)
        {
            var found = addedInNormal?.Next(text, at, parseSpecial) ?? new(text.Length, text.Length, null);
            if (found.Start > at) EncodeLong(text[at..found.Start], first && at == 0, ids, threads);
            if (found.Token is { } token) ids.Add(token.Id);
            at = found.End;
        }
    }

    ReadOnlySpan<char> Normal(ReadOnlySpan<char> text) => normalizer is null ? text : normalizer.Normalize(text);

    /// <summary>The ids of many texts, in their order, made by several threads at once: text i's are what <see cref="Encode"/> gives. A very long text is itself cut, where that changes no id.</summary>
    /// <param name="texts">Any strings.</param> <param name="addSpecial">As in <see cref="Encode"/>.</param> <param name="parseSpecial">As in <see cref="Encode"/>.</param>
    /// <param name="threads">How many threads at most; 0 for as many as the machine has processors.</param>
    public List<int>[] EncodeBatch(IReadOnlyList<string> texts, bool addSpecial = true, bool parseSpecial = true, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        if (threads == 0) threads = Environment.ProcessorCount;
        var ids = new List<int>[texts.Count];
        Batch.For(ids.Length, threads, i => { if (!IsLong(i)) ids[i] = Encode(texts[i], addSpecial, parseSpecial); });
        for (int i = 0; i < ids.Length; i++) if (IsLong(i)) ids[i] = EncodeOn(threads, texts[i], addSpecial, parseSpecial);
        return ids;

        bool IsLong(int i) => texts[i]?.Length > Batch.LongText;
    }

    /// <summary>How many ids <see cref="Encode"/> would give.</summary>
    public int Count(string text, bool addSpecial = true, bool parseSpecial = true) => Encode(text, addSpecial, parseSpecial).Count;

    /// <summary>The text of ids; bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="ids">Ids as <see cref="Encode"/> gives them.</param>
    /// <param name="skipSpecial">Leaves control tokens out.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var decoder = new StreamingDecoder(this, skipSpecial);
        var text = new StringBuilder();
        foreach (int id in ids) text.Append(decoder.Push(id));
        return text.Append(decoder.Flush()).ToString();
    }

    /// <summary>An id for a person to read: its text, or <c>&lt;0xE4&gt;&lt;0xBD&gt;</c> where its bytes are a part of a character.</summary>
    public string TokenText(int id)
    {
        var bytes = BytesOf(id);
        var text = new StringBuilder();
        while (!bytes.IsEmpty)
        {
            bool whole = Rune.DecodeFromUtf8(bytes, out var rune, out int length) == System.Buffers.OperationStatus.Done;
            if (whole) text.Append(rune);
            else foreach (byte b in bytes[..length]) text.Append($"<0x{b:X2}>");
            bytes = bytes[length..];
        }
        return text.ToString();
    }
}
