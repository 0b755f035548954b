using System.Text;

namespace Dayu.Text;

/// <summary>
/// Text to ids and back. A kind of tokenizer writes <see cref="EncodeOrdinary"/> and <see cref="BytesOf"/>; everything else is derived once, here.
/// Immutable once made: any number of threads may use one.
/// </summary>
public abstract class Tokenizer
{
    readonly AddedTokenMatcher added;

    /// <summary>What a kind of tokenizer hands up: which of its ids are special.</summary>
    protected Tokenizer(SpecialTokens special)
    {
        ArgumentNullException.ThrowIfNull(special);
        Special = special;
        added = new(special.Added);
    }

    /// <summary>Beginning, end, unknown, padding, and every other id that is found in a text as a whole.</summary>
    public SpecialTokens Special { get; }

    /// <summary>How many ids there are: 0 to this, exclusive.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Appends the ids of a text in which nothing is special.</summary>
    protected abstract void EncodeOrdinary(ReadOnlySpan<char> text, List<int> ids);

    /// <summary>The bytes that an id stands for. A character's UTF-8 may be cut between two ids; a special token's bytes are its text's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in 0..VocabularySize-1.</exception>
    public abstract ReadOnlySpan<byte> BytesOf(int id);

    /// <summary>Whether encoding puts one space before every stretch of ordinary text, which decoding takes away again (SentencePiece's dummy prefix).</summary>
    public virtual bool AddsPrefixSpace => false;

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any string; a lone surrogate counts as U+FFFD.</param>
    /// <param name="addSpecial">Adds beginning and end where the tokenizer says so; a beginning that the text already has is not doubled.</param>
    /// <param name="parseSpecial">Whether the text of a control token (<c>&lt;|im_end|&gt;</c>) means that token. Leave it off for text that a stranger wrote.
    /// Added tokens that are not control tokens are always found.</param>
    public List<int> Encode(string text, bool addSpecial = true, bool parseSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        bool bos = addSpecial && Special is { AddBos: true, Bos: not null };
        if (bos) ids.Add(Special.Bos!.Value);

        for (int at = 0; at < text.Length;)
        {
            var found = added.Next(text, at, parseSpecial);
            if (found.Start > at) EncodeOrdinary(text.AsSpan(at, found.Start - at), ids);
            bool doubled = bos && at == 0 && found.Start == 0 && found.Token?.Id == Special.Bos;
            if (found.Token is { } token && !doubled) ids.Add(token.Id);
            at = found.End;
        }

        if (addSpecial && Special is { AddEos: true, Eos: { } eos }) ids.Add(eos);
        return ids;
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
