using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// The <c>decoder</c> of tokenizer.json. Decoders there work on lists of tokens; all that language models have come down to the bytes that each token stands for, and what becomes of a space at either end.
/// A new one is a line in the table.
/// </summary>
/// <param name="BytesOf">The bytes of a token's text.</param>
/// <param name="DropsFirstSpace">Whether a space at the beginning of a text goes.</param> <param name="DropsLastSpace">Whether one at its end goes.</param>
sealed record TokenizerJsonDecoder(Func<string, byte[]> BytesOf, bool DropsFirstSpace, bool DropsLastSpace)
{
    /// <summary>What a chain of decoders does to a token: to its text, step by step, until one says which bytes it is.</summary>
    sealed class Chain
    {
        public readonly List<Func<string, string>> Texts = [];
        public Func<string, byte[]?>? Bytes;
        public bool Fused, DropsFirst, DropsLast;
    }

    static readonly Dictionary<string, Action<JsonAt, Chain>> readers = new(StringComparer.Ordinal)
    {
        ["ByteLevel"] = ByteLevel, ["ByteFallback"] = ByteFallback, ["BPEDecoder"] = EndOfWord, ["Metaspace"] = Metaspace, ["WordPiece"] = WordPiece, ["Replace"] = Replace, ["Fuse"] = Fuse, ["Strip"] = Strip, ["Sequence"] = Sequence,
    };

    /// <summary>Without a decoder tokens are joined by spaces, as in the reference.</summary>
    public static TokenizerJsonDecoder Read(JsonAt at)
    {
        if (at.IsNull) return new(token => Encoding.UTF8.GetBytes(" " + token), DropsFirstSpace: true, DropsLastSpace: false);
        var chain = new Chain();
        Step(at, chain);
        return new(Bytes, chain.DropsFirst, chain.DropsLast);

        byte[] Bytes(string token)
        {
            foreach (var text in chain.Texts) token = text(token);
            return chain.Bytes?.Invoke(token) ?? Encoding.UTF8.GetBytes(token);
        }
    }

    static void Step(JsonAt at, Chain chain)
    {
        var type = at["type"];
        if (!readers.TryGetValue(type.String(), out var read)) throw type.NotKnown($"'{type.String()}'", string.Join(", ", readers.Keys));
        if (chain.Bytes is not null && type.String() is not ("Fuse" or "Strip")) throw type.NotKnown($"'{type.String()}' after bytes", "Fuse, Strip");
        read(at, chain);
    }

    static void ByteLevel(JsonAt at, Chain chain) => chain.Bytes = ByteAlphabet.Decode;

    static void ByteFallback(JsonAt at, Chain chain) => chain.Bytes = token => TryByte(token, out byte b) ? [b] : null;

    /// <summary>Whether a token is that of a byte: <c>&lt;0xE4></c>.</summary>
    public static bool TryByte(string token, out byte value)
    {
        value = 0;
        return token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, null, out value);
    }

    static void EndOfWord(JsonAt at, Chain chain)
    {
        string suffix = at["suffix"].String();
        if (suffix.Length > 0) chain.Texts.Add(token => token.Replace(suffix, " ", StringComparison.Ordinal));
        chain.DropsLast = true;
    }

    static void Metaspace(JsonAt at, Chain chain)
    {
        string replacement = at["replacement"].String();
        if (replacement.Length == 0) throw at["replacement"].NotKnown("an empty string", "one character");
        chain.Texts.Add(token => token.Replace(replacement, " ", StringComparison.Ordinal));
        chain.DropsFirst = at["add_prefix_space"].Bool(absent: true) && (at["prepend_scheme"].IsNull || at["prepend_scheme"].String() != "never");
    }

    static void WordPiece(JsonAt at, Chain chain)
    {
        at.Only("type", "prefix", "cleanup");
        var (prefix, cleanUp) = (at["prefix"].String(), at["cleanup"].Bool(absent: true));
        chain.Texts.Add(token => WordPieceTokenizer.Written(token, prefix, cleanUp));
        chain.DropsFirst = true;
    }

    static void Replace(JsonAt at, Chain chain)
    {
        at.Only("type", "pattern", "content");
        var replace = new Replace(TokenizerJsonPattern.Read(at["pattern"]), at["content"].String());
        if (chain.Fused) throw at.NotKnown("Replace after Fuse", "Strip");
        chain.Texts.Add(token => replace.Normalize(token).ToString());
    }

    static void Fuse(JsonAt at, Chain chain) => chain.Fused = true;

    /// <summary>Of the whole text once tokens are fused; of each token before.</summary>
    static void Strip(JsonAt at, Chain chain)
    {
        at.Only("type", "content", "start", "stop");
        var (content, start, stop) = (at["content"].String(), at["start"].Int(), at["stop"].Int());
        if (content.Length != 1) throw at["content"].NotKnown($"'{content}'", "one character");
        if (chain.Fused)
        {
            if (content != " " || start > 1 || stop > 0) throw at.NotKnown($"taking {start} and {stop} times '{content}' from the ends of the text", "one space from its beginning");
            chain.DropsFirst |= start == 1;
        }
        else if (chain.Bytes is not null) throw at.NotKnown("Strip after bytes and before Fuse", "Strip after Fuse");
        else chain.Texts.Add(token => Stripped(token, content[0], start, stop));
    }

    static string Stripped(string token, char content, int start, int stop)
    {
        int first = 0, last = token.Length;
        while (first < last && first < start && token[first] == content) first++;
        while (last > first && token.Length - last < stop && token[last - 1] == content) last--;
        return token[first..last];
    }

    static void Sequence(JsonAt at, Chain chain)
    {
        foreach (var step in at["decoders"].Items()) Step(step, chain);
    }
}
