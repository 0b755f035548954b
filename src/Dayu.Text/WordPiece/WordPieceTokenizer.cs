using System.Buffers;
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
    readonly ByteTrie beginnings = new(), continuations = new();
    readonly PreTokenizer words;
    readonly int unknown, longestWord;

    /// <param name="tokens">Texts by id; null is an id that nothing uses. Of two ids with one text the later counts.</param>
    /// <param name="special">Special tokens, the unknown one among them.</param>
    /// <param name="normalizer">What is done to text first.</param> <param name="words">Cuts text into words.</param>
    /// <param name="bytesOf">The bytes of a token's text.</param>
    /// <param name="continuation">What tokens that go on a word begin with.</param> <param name="longestWord">Words of more characters are unknown.</param>
    internal WordPieceTokenizer(IReadOnlyList<string?> tokens, SpecialTokens special, Normalizer? normalizer, PreTokenizer words, Func<string, byte[]> bytesOf,
        string continuation = Continuation, int longestWord = DefaultLongestWord) : base(special, normalizer)
    {
        (this.words, this.longestWord) = (words, longestWord);
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
    public override int VocabularySize => vocabulary.Count;

    /// <inheritdoc/>
    public override PrependScheme PrefixSpace => PrependScheme.First;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> BytesOf(int id) => vocabulary[id];

    /// <inheritdoc/>
    protected override void EncodeOrdinary(ReadOnlySpan<char> text, bool first, List<int> ids) => words.Cut(text, first, (word, _) => EncodeWord(word, ids));

    void EncodeWord(ReadOnlySpan<char> word, List<int> ids)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(word.Length));
        var utf8 = buffer.AsSpan(0, Encoding.UTF8.GetBytes(word, buffer));
        int before = ids.Count;
        if (IsTooLong(word) || !TryCut(utf8, ids))
        {
            ids.RemoveRange(before, ids.Count - before);
            ids.Add(unknown);
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    bool TryCut(ReadOnlySpan<byte> word, List<int> ids)
    {
        var pieces = beginnings;
        for (int length; !word.IsEmpty; word = word[length..], pieces = continuations)
        {
            length = pieces.Longest(word, out int id);
            if (length == 0) return false;
            ids.Add(id);
        }
        return true;
    }

    bool IsTooLong(ReadOnlySpan<char> word)
    {
        if (word.Length <= longestWord) return false;
        int characters = 0;
        foreach (var _ in word.EnumerateRunes()) if (++characters > longestWord) return true;
        return false;
    }
}
