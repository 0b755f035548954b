namespace Dayu.Templates;

/// <summary>
/// Cuts a template into tokens as Jinja does with trim_blocks and lstrip_blocks, the setting chat templates are written
/// for: a tag takes the newline after it and the indentation before it; <c>-</c> takes all white space on its side,
/// <c>+</c> none.
/// </summary>
sealed class Lexer
{
    static readonly string[] Operators =
    [
        "//", "**", "==", "!=", ">=", "<=",
        "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",",
    ];

    readonly string name, source;
    readonly List<Token> tokens = [];
    readonly List<int> lineStarts = [0];
    int at;
    bool lineStarting = true;      // the last tag ended with its newline: white space that follows is indentation

    Lexer(string name, string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        (this.name, this.source) = (name, source.EndsWith('\n') ? source[..^1] : source);
        for (int i = 0; i < this.source.Length; i++)
            if (this.source[i] == '\n')
                lineStarts.Add(i + 1);
    }

    public static List<Token> Tokenize(string name, string source) => new Lexer(name, source).Run();

    List<Token> Run()
    {
        while (at < source.Length)
            Data();
        Add(TokenKind.End, "", at);
        return tokens;
    }

    /// <summary>Text up to the next tag, then the tag.</summary>
    void Data()
    {
        int start = at, open = NextOpening(at);
        if (open < 0)
        {
            Add(TokenKind.Data, source[start..], start);
            at = source.Length;
            return;
        }
        char kind = source[open + 1];
        at = open + 2;
        char sign = at < source.Length && source[at] is '-' or '+' ? source[at++] : '\0';
        string text = Before(source[start..open], sign, kind);
        if (text.Length > 0)
            Add(TokenKind.Data, text, start);
        if (kind == '#')
            Comment(open);
        else if (kind == '%' && Word(at, "raw") is int afterRaw && CloseOfRaw(afterRaw) is int body)
            Raw(open, body);
        else
            Code(open, kind);
    }

    int NextOpening(int from)
    {
        for (int i = source.IndexOf('{', from); i >= 0; i = source.IndexOf('{', i + 1))
            if (i + 1 < source.Length && source[i + 1] is '{' or '%' or '#')
                return i;
        return -1;
    }

    /// <summary>The text before a tag, less what the tag's sign or its being indented takes away.</summary>
    string Before(string text, char sign, char kind)
    {
        if (sign == '-')
            return text.TrimEnd();
        if (sign == '+' || kind == '{')
            return text;
        int line = text.LastIndexOf('\n') + 1;
        return (line > 0 || lineStarting) && text.AsSpan(line).IsWhiteSpace() ? text[..line] : text;
    }

    /// <summary>Moves past a closing delimiter and the white space that it takes.</summary>
    void Close(int delimiter, char sign, bool takesNewline)
    {
        at = delimiter + 2;
        if (sign == '-')
            while (at < source.Length && char.IsWhiteSpace(source[at]))
                at++;
        else if (takesNewline && sign != '+' && at < source.Length && source[at] == '\n')
            at++;
        lineStarting = source[at - 1] == '\n';
    }

    void Comment(int open)
    {
        int end = source.IndexOf("#}", at, StringComparison.Ordinal);
        if (end < 0)
            throw Error("a comment '{#' that is never closed by '#}'", open);
        Close(end, end > at && source[end - 1] is '-' or '+' ? source[end - 1] : '\0', takesNewline: true);
    }

    int? Word(int from, string word)
    {
        while (from < source.Length && char.IsWhiteSpace(source[from]))
            from++;
        return string.CompareOrdinal(source, from, word, 0, word.Length) == 0 ? from + word.Length : null;
    }

    /// <summary>Where the body of a raw block begins, or null when the tag is not closed here.</summary>
    int? CloseOfRaw(int from)
    {
        if (Word(from, "%}") is int plain)
            return plain;
        if (Word(from, "-%}") is not int body)
            return null;
        while (body < source.Length && char.IsWhiteSpace(source[body]))
            body++;
        return body;
    }

    int NextTag(int from) => source.IndexOf("{%", from, StringComparison.Ordinal);

    void Raw(int open, int body)
    {
        for (int i = NextTag(body); i >= 0; i = NextTag(i + 2))
        {
            char sign = i + 2 < source.Length && source[i + 2] is '-' or '+' ? source[i + 2] : '\0';
            if (Word(sign == '\0' ? i + 2 : i + 3, "endraw") is not int after)
                continue;
            while (after < source.Length && char.IsWhiteSpace(source[after]))
                after++;
            char close = after < source.Length && source[after] is '-' or '+' ? source[after++] : '\0';
            if (string.CompareOrdinal(source, after, "%}", 0, 2) != 0)
                continue;
            lineStarting = source[body - 1] == '\n';
            Add(TokenKind.Data, Before(source[body..i], sign, '%'), body);
            Close(after, close, takesNewline: true);
            return;
        }
        throw Error("a 'raw' block that is never closed by 'endraw'", open);
    }

    /// <summary>The tokens between <c>{{</c> and <c>}}</c>, or <c>{%</c> and <c>%}</c>.</summary>
    void Code(int open, char kind)
    {
        Add(kind == '{' ? TokenKind.PrintBegin : TokenKind.TagBegin, source[open..(open + 2)], open);
        char closing = kind == '{' ? '}' : '%';
        var brackets = new Stack<char>();
        while (at < source.Length)
        {
            char c = source[at];
            if (brackets.Count == 0)
            {
                bool signed = c == '-' || c == '+' && kind == '%';
                int delimiter = signed ? at + 1 : at;
                if (delimiter + 1 < source.Length && source[delimiter] == closing && source[delimiter + 1] == '}')
                {
                    Add(kind == '{' ? TokenKind.PrintEnd : TokenKind.TagEnd, source[delimiter..(delimiter + 2)], at);
                    Close(delimiter, signed ? c : '\0', takesNewline: kind == '%');
                    return;
                }
            }
            if (char.IsWhiteSpace(c))
                at++;
            else if (char.IsAsciiDigit(c))
                AddLiteral(LiteralReader.Number(source, at));
            else if (char.IsLetter(c) || c == '_')
                Name();
            else if (c is '"' or '\'')
                AddLiteral(LiteralReader.String(source, at, message => Error(message, at)));
            else
                Operator(brackets);
        }
        throw Error(kind == '{' ? "'{{' that is never closed by '}}'" : "'{%' that is never closed by '%}'", open);
    }

    void AddLiteral((TokenKind Kind, string Text, int End) literal)
    {
        Add(literal.Kind, literal.Text, at);
        at = literal.End;
    }

    void Name()
    {
        int start = at;
        while (at < source.Length && (char.IsLetterOrDigit(source[at]) || source[at] == '_'))
            at++;
        Add(TokenKind.Name, source[start..at], start);
    }

    void Operator(Stack<char> brackets)
    {
        foreach (string op in Operators)
        {
            if (string.CompareOrdinal(source, at, op, 0, op.Length) != 0)
                continue;
            if (op is "(" or "[" or "{")
                brackets.Push(op == "(" ? ')' : op == "[" ? ']' : '}');
            else if (op is ")" or "]" or "}" && (!brackets.TryPop(out char expected) || expected != op[0]))
                throw Error(expected == '\0' ? $"'{op}' that closes nothing" : $"'{op}' where '{expected}' was expected", at);
            Add(TokenKind.Operator, op, at);
            at += op.Length;
            return;
        }
        throw Error($"the character '{source[at]}', which means nothing here", at);
    }

    void Add(TokenKind kind, string text, int offset) => tokens.Add(new(kind, text, Place(offset)));

    Mark Place(int offset)
    {
        int line = lineStarts.BinarySearch(offset);
        line = line < 0 ? ~line - 1 : line;
        return new(line + 1, offset - lineStarts[line] + 1);
    }

    TemplateException Error(string message, int offset) => new TemplateException(message).PlacedAt(name, Place(offset));
}
