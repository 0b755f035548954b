using System.Buffers;
using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>Bytes, and the tokens that they became.</summary>
/// <param name="Bytes">Bytes of normalized text.</param>
/// <param name="Tokens">Tokens.</param>
public readonly record struct TokenShare(long Bytes, long Tokens)
{
    /// <summary>Bytes a token.</summary>
    public double BytesPerToken => (double)Bytes / Math.Max(1, Tokens);
}

/// <summary>
/// How many tokens a text is, in all and by script. A pre-token counts for the script of its first letter or digit; one
/// that has none is <c>Other</c>. As every different pre-token is encoded once, a large text takes little time.
/// </summary>
public sealed class TokenUse
{
    /// <summary>What digits, and what signs and white space count for.</summary>
    public const string Digits = "Digits", Other = "Other";

    TokenUse(TokenShare total, IReadOnlyList<(string Script, TokenShare Share)> byScript) => (Total, ByScript) = (total, byScript);

    /// <summary>In all.</summary>
    public TokenShare Total { get; }

    /// <summary>By Unicode's names of scripts, and <see cref="Digits"/> and <see cref="Other"/>; most bytes first.</summary>
    public IReadOnlyList<(string Script, TokenShare Share)> ByScript { get; }

    internal static TokenUse Of(Tokenizer tokenizer, WordTable words, int threads)
    {
        const int chunk = 1 << 12;
        var parts = new Dictionary<string, TokenShare>[(words.Count + chunk - 1) / chunk];
        Batch.For(parts.Length, threads > 0 ? threads : Environment.ProcessorCount, part =>
        {
            parts[part] = new(StringComparer.Ordinal);
            for (int word = part * chunk; word < Math.Min(words.Count, (part + 1) * chunk); word++)
            {
                var bytes = words[word];
                long times = words.CountOf(word);
                int tokens = Count(tokenizer, Encoding.UTF8.GetString(bytes));
                Add(parts[part], ScriptOf(bytes), new(bytes.Length * times, tokens * times));
            }
        });
        var all = new Dictionary<string, TokenShare>(StringComparer.Ordinal);
        foreach (var part in parts)
            foreach (var (script, share) in part) Add(all, script, share);
        var total = new TokenShare(all.Values.Sum(s => s.Bytes), all.Values.Sum(s => s.Tokens));
        var byBytes = all.OrderByDescending(s => s.Value.Bytes).ThenBy(s => s.Key, StringComparer.Ordinal);
        return new(total, [.. byBytes.Select(s => (s.Key, s.Value))]);
    }

    /// <summary>The tokens of a pre-token: what would be put before a text is there already, or does not belong there.</summary>
    static int Count(Tokenizer tokenizer, string word) => tokenizer is UnigramTokenizer unigram
        ? unigram.CountPreToken(word) : tokenizer.Count(word, addSpecial: false, parseSpecial: false);

    static void Add(Dictionary<string, TokenShare> shares, string script, TokenShare more)
    {
        var known = shares.GetValueOrDefault(script);
        shares[script] = new(known.Bytes + more.Bytes, known.Tokens + more.Tokens);
    }

    static string ScriptOf(ReadOnlySpan<byte> utf8)
    {
        while (!utf8.IsEmpty && Rune.DecodeFromUtf8(utf8, out var rune, out int length) == OperationStatus.Done)
        {
            if (rune.IsAscii ? char.IsAsciiLetter((char)rune.Value) : Rune.IsLetter(rune) && rune.Value != SentencePieceText.Space)
                return rune.IsAscii ? "Latin" : Scripts.Of(rune)?.Replace('_', ' ') ?? Other;
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber) return Digits;
            utf8 = utf8[length..];
        }
        return Other;
    }
}
