using System.Text;

namespace Dayu.Text;

/// <summary>
/// The <c>decoder</c> of tokenizer.json. In general decoders work on lists of tokens; those that language models have
/// come down to the bytes that each token stands for, and to what becomes of a space at either end of the text. Another
/// one is a line in the table.
/// </summary>
/// <param name="BytesOf">The bytes of a token's text.</param>
/// <param name="DropsFirstSpace">Whether a space at the beginning of a text is removed.</param>
/// <param name="DropsLastSpace">Whether a space at its end is removed.</param>
sealed record TokenizerJsonDecoder(Func<string, byte[]> BytesOf, bool DropsFirstSpace, bool DropsLastSpace)
{
    /// <summary>
    /// What a chain of decoders does to a token: steps that change its text, then at most one that turns text into
    /// bytes.
    /// </summary>
    sealed class Chain
    {
        public readonly List<Func<string, string>> Texts = [];
        public Func<string, byte[]?>? Bytes;
        public bool Fused, DropsFirst, DropsLast;
    }

    static readonly Dictionary<string, Action<JsonAt, Chain>> readers = new(StringComparer.Ordinal)
    {
        ["ByteLevel"] = ByteLevel,
        ["ByteFallback"] = ByteFallback,
        ["BPEDecoder"] = EndOfWord,
        ["Metaspace"] = Metaspace,
        ["WordPiece"] = WordPiece,
        ["Replace"] = Replace,
        ["Fuse"] = Fuse,
        ["Strip"] = Strip,
        ["Sequence"] = Sequence,
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
        string name = type.String();
        if (!readers.TryGetValue(name, out var read)) throw type.Unsupported($"'{name}'", string.Join(", ", readers.Keys));
        if (chain.Bytes is not null && name is not ("Fuse" or "Strip"))
            throw type.Unsupported($"'{name}' after bytes", "Fuse, Strip");
        read(at, chain);
    }

    static void ByteLevel(JsonAt at, Chain chain) => chain.Bytes = ByteAlphabet.Decode;

    static void ByteFallback(JsonAt at, Chain chain) =>
        chain.Bytes = token => SentencePieceText.TryByte(token, out byte b) ? [b] : null;

    static void EndOfWord(JsonAt at, Chain chain)
    {
        string suffix = at["suffix"].String();
        if (suffix.Length > 0) chain.Texts.Add(token => token.Replace(suffix, " ", StringComparison.Ordinal));
        chain.DropsLast = true;
    }

    static void Metaspace(JsonAt at, Chain chain)
    {
        string replacement = at["replacement"].String();
        if (replacement.Length == 0) throw at["replacement"].Unsupported("an empty string", "one character");
        chain.Texts.Add(token => token.Replace(replacement, " ", StringComparison.Ordinal));
        chain.DropsFirst = at["add_prefix_space"].Bool(absent: true) && at["prepend_scheme"].StringOrNull() != "never";
    }

    static void WordPiece(JsonAt at, Chain chain)
    {
        at.AllowOnly("type", "prefix", "cleanup");
        var (prefix, cleanUp) = (at["prefix"].String(), at["cleanup"].Bool(absent: true));
        chain.Texts.Add(token => WordPieceTokenizer.DecodeToken(token, prefix, cleanUp));
        chain.DropsFirst = true;
    }

    static void Replace(JsonAt at, Chain chain)
    {
        at.AllowOnly("type", "pattern", "content");
        var replace = new Replace(TokenizerJsonPattern.Read(at["pattern"]), at["content"].String());
        if (chain.Fused) throw at.Unsupported("Replace after Fuse", "Strip");
        chain.Texts.Add(token => replace.Normalize(token).ToString());
    }

    static void Fuse(JsonAt at, Chain chain) => chain.Fused = true;

    /// <summary>Applies to the whole text once tokens are fused, and to each token before.</summary>
    static void Strip(JsonAt at, Chain chain)
    {
        at.AllowOnly("type", "content", "start", "stop");
        var (content, start, stop) = (at["content"].String(), at["start"].Int(), at["stop"].Int());
        if (content.Length != 1) throw at["content"].Unsupported($"'{content}'", "one character");
        if (chain.Fused)
        {
            bool firstSpaceOnly = content == " " && start <= 1 && stop <= 0;
            string found = $"taking {start} and {stop} times '{content}' from the ends of the text";
            if (!firstSpaceOnly) throw at.Unsupported(found, "one space from its beginning");
            chain.DropsFirst |= start == 1;
        }
        else if (chain.Bytes is not null) throw at.Unsupported("Strip after bytes and before Fuse", "Strip after Fuse");
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
