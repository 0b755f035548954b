namespace Dayu.Text;

/// <summary>
/// The kind of each token of a GGUF file. Files call some control tokens normal. Here those become control tokens that
/// the file itself names as BOS, EOS, EOT or EOM; so do well-known ends of a turn, unless merges make them. (In Qwen's
/// vocabulary <c>&lt;/s></c> is an ordinary word.)
/// </summary>
static class GgufTokenKinds
{
    public static TokenKind[] Of(TokenizerData data)
    {
        var (kinds, merged) = (new TokenKind[data.Tokens.Count], new Dictionary<string, bool>());
        for (int id = 0; id < kinds.Length; id++)
        {
            kinds[id] = Stated(data.Types, id);
            if (kinds[id] == TokenKind.Normal && (IsNamed(data, id) || IsWellKnownEnd(id))) kinds[id] = TokenKind.Control;
        }
        return kinds;

        bool IsWellKnownEnd(int id) => SpecialTokens.IsEnding(data.Tokens.Utf8(id)) && !IsMerged(data.Tokens[id]);

        bool IsMerged(string token)
        {
            if (merged.TryGetValue(token, out bool known)) return known;
            return merged[token] = data.Merges?.Any(pair => Makes(pair, token)) ?? false;
        }
    }

    /// <summary>The file's own word; normal where it says nothing, or a number that has no meaning.</summary>
    static TokenKind Stated(int[]? types, int id) =>
        types?[id] is { } type and >= (int)TokenKind.Normal and <= (int)TokenKind.Byte ? (TokenKind)type : TokenKind.Normal;

    static bool IsNamed(TokenizerData data, int id) =>
        id == data.Bos || id == data.Eos || id == data.Eot || id == data.Eom;

    /// <summary>Whether a merge, written as its two halves with a space between, makes this token.</summary>
    static bool Makes(string pair, string token) =>
        pair.Length == token.Length + 1 && pair.Replace(" ", "", StringComparison.Ordinal) == token;
}
