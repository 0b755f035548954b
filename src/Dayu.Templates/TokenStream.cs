namespace Dayu.Templates;

/// <summary>The tokens of a template and the place the parser has reached.</summary>
sealed class TokenStream(string name, List<Token> tokens)
{
    const int MaxNesting = 150;
    int at, nesting;

    public Token Current => tokens[at];
    public Token Following => tokens[Math.Min(at + 1, tokens.Count - 1)];

    public Token Take() => at < tokens.Count - 1 ? tokens[at++] : tokens[at];

    public bool TakeIf(TokenKind kind, string text)
    {
        bool matches = Current.Is(kind, text);
        if (matches)
            Take();
        return matches;
    }

    public Token Expect(TokenKind kind, string what) =>
        Current.Kind == kind ? Take() : throw Error($"expected {what}, found {Current}");

    public void ExpectOperator(string op) => ExpectText(TokenKind.Operator, op);

    public void ExpectName(string word) => ExpectText(TokenKind.Name, word);

    void ExpectText(TokenKind kind, string text)
    {
        if (!TakeIf(kind, text))
            throw Error($"expected '{text}', found {Current}");
    }

    public TemplateException Error(string message, Mark? mark = null) =>
        new TemplateException(message).PlacedAt(name, mark ?? Current.At);

    /// <summary>Parses something that may contain itself, up to a depth that no honest template reaches.</summary>
    public T Nested<T>(Func<T> parse)
    {
        if (++nesting > MaxNesting)
            throw Error($"nested more than {MaxNesting} levels deep");
        Run.CheckStack();
        var result = parse();
        nesting--;
        return result;
    }
}
