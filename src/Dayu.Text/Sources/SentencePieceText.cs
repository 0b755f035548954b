using System.Globalization;
using System.Text;

namespace Dayu.Text;

/// <summary>
/// What a token is. The numbers are SentencePiece's, and those of <c>tokenizer.ggml.token_type</c> in GGUF files.
/// </summary>
enum TokenKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>How SentencePiece vocabularies write their tokens: ▁ for a space, <c>&lt;0xE4></c> for a byte.</summary>
static class SentencePieceText
{
    /// <summary>What stands for a space: ▁ (U+2581).</summary>
    public const char Space = '\u2581';

    /// <summary>Text with real spaces.</summary>
    public static string WithSpaces(string token) => token.Replace(Space, ' ');

    /// <summary>Whether a token is written as a byte, <c>&lt;0xE4></c>.</summary>
    public static bool TryByte(string token, out byte value)
    {
        value = 0;
        return token is ['<', '0', 'x', _, _, '>']
            && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, null, out value);
    }

    /// <summary>The byte that a byte token stands for.</summary>
    /// <exception cref="TokenizerException">Its text is not that of a byte.</exception>
    public static byte ByteOf(string token, int id)
    {
        if (TryByte(token, out byte value)) return value;
        throw new TokenizerException($"Token {id} is marked as a byte, but its text is '{token}'; <0x00> to <0xFF> were expected. "
            + "The tokenizer file is damaged.");
    }

    /// <summary>The bytes that a token stands for.</summary>
    public static byte[] BytesOf(string token, TokenKind kind, int id) =>
        kind == TokenKind.Byte ? [ByteOf(token, id)] : Encoding.UTF8.GetBytes(WithSpaces(token));

    /// <summary>For a character that has neither a token nor anything to stand for it.</summary>
    public static TokenizerException NoToken(ReadOnlySpan<byte> character) => new(
        $"The text has '{Encoding.UTF8.GetString(character)}' (UTF-8 {Convert.ToHexString(character)}), "
        + "for which this vocabulary has neither a token, nor byte tokens <0x00> to <0xFF>, nor an unknown token.");

    /// <summary>The tokens that are matched as a whole: control, unknown and user-defined ones.</summary>
    /// <param name="tokens">Texts by id.</param>
    /// <param name="kinds">A kind for each.</param>
    /// <param name="spaces">Whether ▁ stands for a space in them.</param>
    public static List<AddedToken> AddedTokens(IReadOnlyList<string> tokens, IReadOnlyList<TokenKind> kinds, bool spaces)
    {
        var added = new List<AddedToken>();
        for (int id = 0; id < tokens.Count; id++)
        {
            if (kinds[id] is not (TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined)) continue;
            string text = spaces ? WithSpaces(tokens[id]) : tokens[id];
            if (text.Length > 0) added.Add(new(id, text, Control: kinds[id] != TokenKind.UserDefined));
        }
        return added;
    }
}
