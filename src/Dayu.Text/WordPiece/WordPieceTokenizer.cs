using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// WordPiece (BERT, ERNIE; Wu et al. 2016, arXiv:1609.08144, section 4.1): of each word the longest beginning that is a token, then of the rest the longest that goes on a word, to its end;
/// a word of which any part has no token is unknown as a whole.
/// <para>Decoding puts a space before each word, special tokens too, and none before the parts that go on one, so that texts come back with other spaces, cases and accents.
/// What is kept: the ids of a decoded text are those it was decoded from.</para>
/// </summary>
public sealed class WordPieceTokenizer : Tokenizer
{
    /// <summary>How a token that goes on a word is written: <c>##ing</c>.</summary>
    internal const string Continuation = "##";

    /// <summary>Words of more characters are unknown.</summary>
    internal const int DefaultLongestWord = 100;

    readonly Vocabulary vocabulary;
    readonly IReadOnlyList<string?> tokens;
    readonly Normalizer? normalizer;
    readonly ByteTrie beginnings = new(), continuations = new();
    readonly PreTokenizer words;
    readonly CachedWork.Pool pool = new();
    readonly int unknown, longestWord;

    /// <param name="tokens">Texts by id; null is an id that nothing uses. Of two ids with one text the later counts.</param>
    /// <param name="special">Special tokens, the unknown one among them.</param>
    /// <param name="normalizer">What is done to text first.</param> <param name="words">Cuts text into words.</param>
    /// <param name="bytesOf">The bytes of a token's text.</param>
    /// <param name="continuation">What tokens that go on a word begin with.</param> <param name="longestWord">Words of more characters are unknown.</param>
    internal WordPieceTokenizer(IReadOnlyList<string?> tokens, SpecialTokens special, Normalizer? normalizer, PreTokenizer words, Func<string, byte[]> bytesOf,
        string continuation = Continuation, int longestWord = DefaultLongestWord) : base(special, normalizer)
    {
        (this.words, this.longestWord, this.tokens, this.normalizer) = (words, longestWord, tokens, normalizer);
        unknown = special.Unk ?? throw new TokenizerException("This WordPiece vocabulary has no unknown token ([UNK]), which stands for every word that it lacks. Its files are incomplete, or not of one model.");
        vocabulary = new([.. tokens.Select(token => token is null ? null : bytesOf(token))]);
        for (int id = tokens.Count - 1; id >= 0; id--)
        {
            if (tokens[id] is not { Length: > 0 } token || special.IsControl(id)) continue;
            bool continues = token.StartsWith(continuation, StringComparison.Ordinal) && token.Length > continuation.Length;
            (continues ? continuations : beginnings).Add(Encoding.UTF8.GetBytes(continues ? token[continuation.Length..] : token), id);
        }
    }

    /// <summary>What a token stands for in a text: a word with the space before it, or a part of one.</summary>
    /// <param name="token">Its text.</param> <param name="continuation">What tokens that go on a word begin with.</param>
    /// <param name="cleanUp">Writes English as it is written: no space before a full stop, a comma, 's.</param>
    internal static string Written(string token, string continuation = Continuation, bool cleanUp = true)
    {
        string written = token.StartsWith(continuation, StringComparison.Ordinal) ? token[continuation.Length..] : ' ' + token;
        return cleanUp && written is " ." or " ?" or " !" or " ," or " n't" or " 'm" or " 's" or " 've" or " 're" ? written[1..] : written;
    }

    /// <inheritdoc/>
    public override string Kind => "WordPiece";

    /// <inheritdoc/>
    public override TokenizerData ToGguf() => GgufForm.Of(this, tokens, normalizer as BertNormalizer);

    /// <inheritdoc/>
    public override int VocabularySize => vocabulary.Count;

    /// <inheritdoc/>
    public override PrependScheme PrefixSpace => PrependScheme.First;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> BytesOf(int id) => vocabulary[id];

    /// <inheritdoc/>
    protected override void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids)
    {
        var work = pool.Rent();
        words.Cut(text, first, (word, _) => EncodeWord(word, work));
        ids.AddRange(work.Ids.Ids);
        pool.Return(work);
    }

    /// <summary>A word met before has the ids that it had; its UTF-16 is the key.</summary>
    void EncodeWord(ReadOnlySpan<char> word, CachedWork work)
    {
        var key = MemoryMarshal.AsBytes(word);
        var withSlack = work.WithSlack(key);
        if (work.Cache.TryGet(withSlack, 0, key.Length, work.Ids)) return;
        int before = work.Ids.Count;
        if (IsTooLong(word) || !TryCut(word, work.Ids))
        {
            work.Ids.Truncate(before);
            work.Ids.Add(unknown);
        }
        work.Cache.Set(withSlack, 0, key.Length, work.Ids.Ids[before..]);
    }

    bool TryCut(ReadOnlySpan<char> word, IdBuffer ids)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(word.Length));
        ReadOnlySpan<byte> rest = buffer.AsSpan(0, Encoding.UTF8.GetBytes(word, buffer));
        int length = 1;
        for (var pieces = beginnings; !rest.IsEmpty && length > 0; rest = rest[length..], pieces = continuations)
        {
            length = pieces.Longest(rest, out int id);
            if (length > 0) ids.Add(id);
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return length > 0;
    }

    bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= longestWord) return false;
        int characters = 0;
        foreach (var _ in word.EnumerateRunes()) if (++characters > longestWord) return true;
        return false;
    }
}
