using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// WordPiece (BERT, ERNIE; Wu et al. 2016, arXiv:1609.08144, section 4.1): each word is matched greedily, the longest
/// token that begins it, then the longest tokens that continue it, to its end. A word of which any part has no token is
/// unknown as a whole.
/// <para>Decoding puts a space before each word and special token, and none before the tokens that continue a word, so
/// that texts come back with other spaces, cases and accents. But encoding a decoded text gives the ids it was decoded
/// from.</para>
/// </summary>
sealed class WordPieceTokenizer : Tokenizer
{
    /// <summary>What a token that continues a word begins with: <c>##ing</c>.</summary>
    public const string Continuation = "##";

    /// <summary>Words of more characters are unknown.</summary>
    public const int DefaultLongestWord = 100;

    readonly Vocabulary vocabulary;
    readonly IReadOnlyList<string?> tokens;
    readonly Normalizer? normalizer;
    readonly ByteTrie beginnings = new(), continuations = new();
    readonly PreTokenizer words;
    readonly CachingWorkspace.Pool pool = new();
    readonly int unknown, longestWord;

    /// <param name="tokens">
    /// Texts by id; null is an id that nothing uses. Of two ids with one text the later counts.
    /// </param>
    /// <param name="special">Special tokens, the unknown one among them.</param>
    /// <param name="normalizer">What is done to text first.</param>
    /// <param name="words">Splits text into words.</param>
    /// <param name="bytesOf">The bytes of a token's text.</param>
    /// <param name="continuation">What tokens that continue a word begin with.</param>
    /// <param name="longestWord">Words of more characters are unknown.</param>
    public WordPieceTokenizer(
        IReadOnlyList<string?> tokens, SpecialTokens special, Normalizer? normalizer, PreTokenizer words,
        Func<string, byte[]> bytesOf, string continuation = Continuation, int longestWord = DefaultLongestWord)
        : base(special, normalizer)
    {
        (this.words, this.longestWord, this.tokens, this.normalizer) = (words, longestWord, tokens, normalizer);
        unknown = special.Unk ?? throw new TokenizerException("This WordPiece vocabulary has no unknown token ([UNK]), "
            + "which stands for every word that it lacks. Its files are incomplete, or not of one model.");
        vocabulary = new([.. tokens.Select(token => token is null ? null : bytesOf(token))]);
        for (int id = tokens.Count - 1; id >= 0; id--)
        {
            if (tokens[id] is not { Length: > 0 } token || special.IsControl(id)) continue;
            bool continues = token.StartsWith(continuation, StringComparison.Ordinal) && token.Length > continuation.Length;
            if (continues) continuations.Add(Encoding.UTF8.GetBytes(token[continuation.Length..]), id);
            else beginnings.Add(Encoding.UTF8.GetBytes(token), id);
        }
    }

    /// <summary>
    /// What a token stands for in a text: a word with the space before it, or the continuation of one.
    /// </summary>
    /// <param name="token">Its text.</param>
    /// <param name="continuation">What tokens that continue a word begin with.</param>
    /// <param name="cleanUp">
    /// Whether English punctuation and contractions lose their space: no space before a full stop, a comma, 's.
    /// </param>
    public static string DecodeToken(string token, string continuation = Continuation, bool cleanUp = true)
    {
        string text = token.StartsWith(continuation, StringComparison.Ordinal) ? token[continuation.Length..] : ' ' + token;
        return cleanUp && text is " ." or " ?" or " !" or " ," or " n't" or " 'm" or " 's" or " 've" or " 're" ? text[1..] : text;
    }

    /// <summary>The same in UTF-8.</summary>
    public static byte[] BytesOfToken(string token) => Encoding.UTF8.GetBytes(DecodeToken(token));

    public override string Kind => "WordPiece";

    public override TokenizerData ToGguf() => GgufTokenizerWriter.Write(this, tokens, normalizer as BertNormalizer);

    public override int VocabularySize => vocabulary.Count;

    public override PrependScheme PrefixSpace => PrependScheme.First;

    public override ReadOnlySpan<byte> BytesOf(int id) => vocabulary[id];

    protected override void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids)
    {
        var work = pool.Rent();
        words.PreTokenize(text, first, (word, _) => EncodeWord(word, work));
        ids.AddRange(work.Ids.Ids);
        pool.Return(work);
    }

    /// <summary>Looks the word up in the cache, by its UTF-16, and encodes it if it is not there.</summary>
    void EncodeWord(ReadOnlySpan<char> word, CachingWorkspace work)
    {
        var key = MemoryMarshal.AsBytes(word);
        var withSlack = work.WithSlack(key);
        if (work.Cache.TryGet(withSlack, 0, key.Length, work.Ids)) return;
        int before = work.Ids.Count;
        if (IsTooLong(word) || !TryMatch(word, work.Ids))
        {
            work.Ids.Truncate(before);
            work.Ids.Add(unknown);
        }
        work.Cache.Set(withSlack, 0, key.Length, work.Ids.Ids[before..]);
    }

    /// <summary>Greedy longest-match-first; false if some part of the word is no token.</summary>
    bool TryMatch(ReadOnlySpan<char> word, IdBuffer ids)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(word.Length));
        ReadOnlySpan<byte> rest = buffer.AsSpan(0, Encoding.UTF8.GetBytes(word, buffer));
        int length = 1;
        for (var trie = beginnings; !rest.IsEmpty && length > 0; rest = rest[length..], trie = continuations)
        {
            length = trie.Longest(rest, out int id);
            if (length > 0) ids.Add(id);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return length > 0;
    }

    bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= longestWord) return false;
        int characters = 0;
        foreach (var _ in word.EnumerateRunes())
            if (++characters > longestWord) return true;
        return false;
    }
}
