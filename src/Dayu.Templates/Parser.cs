namespace Dayu.Templates;

/// <summary>
/// Turns a template's tokens into statements. Every tag that Transformers' chat templates can have is here; any other
/// is refused by name.
/// </summary>
sealed class Parser
{
    readonly TokenStream tokens;
    readonly Mentions mentions = new();
    readonly OrderedDictionary<string, Block> blocks = [];
    readonly ExpressionParser expressions;
    int loops;

    Parser(string name, string source)
    {
        tokens = new(name, Lexer.Tokenize(name, source));
        expressions = new(tokens, mentions);
    }

    /// <summary>The statements of a template, and those of them that are blocks, wherever they stand.</summary>
    public static (IReadOnlyList<Statement> Body, IReadOnlyList<Block> Blocks) Parse(string name, string source)
    {
        var parser = new Parser(name, source);
        return (parser.Body(""), [.. parser.blocks.Values]);
    }

    /// <summary>
    /// Statements up to a tag that is one of <paramref name="ends"/> (separated by spaces; the tag's name is left to be
    /// taken), or to the end of the template.
    /// </summary>
    IReadOnlyList<Statement> Body(string ends) => tokens.Nested(() =>
    {
        var body = new List<Statement>();
        while (true)
        {
            var token = tokens.Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    body.Add(new Data(token.At, token.Text));
                    break;
                case TokenKind.PrintBegin:
                    body.Add(new Print(token.At, expressions.Tuple()));
                    tokens.Expect(TokenKind.PrintEnd, "'}}'");
                    break;
                case TokenKind.TagBegin when tokens.Current.Kind == TokenKind.Name && ends.Split(' ').Contains(tokens.Current.Text):
                    return body;
                case TokenKind.TagBegin:
                    body.Add(Tag(ends));
                    break;
                default:
                    return ends.Length == 0 ? body : throw tokens.Error($"the template ends where {Expected(ends)}");
            }
        }
    });

    Statement Tag(string ends)
    {
        var tag = tokens.Expect(TokenKind.Name, "a tag's name");
        switch (tag.Text)
        {
            case "if": return If(tag.At);
            case "for": return For(tag.At);
            case "set": return Set(tag.At);
            case "macro": return MacroDefinition(tag.At);
            case "call": return CallBlock(tag.At);
            case "with": return With(tag.At);
            case "block": return BlockDefinition(tag.At);
            case "autoescape": return new Autoescape(tag.At, expressions.Parse(), Block("endautoescape"));
            case "include" or "import" or "from" or "extends": return Foreign(tag);
            case "filter":
                var filtered = expressions.Filters(expressions.Filter(new Captured(tag.At)));
                return new Capture(tag.At, null, filtered, WithoutLoops(() => Block("endfilter")));
            case "generation":
                return new With(tag.At, [], WithoutLoops(() => Block("endgeneration")));
            case "break" or "continue":
                if (loops == 0)
                    throw tokens.Error($"'{tag.Text}' outside of a loop", tag.At);
                End();
                return new Jump(tag.At, tag.Text == "break" ? Flow.Break : Flow.Continue);
            default:
                bool closes = ends.Length > 0 && tag.Text.StartsWith("end", StringComparison.Ordinal);
                throw tokens.Error(closes ? $"'{tag.Text}' where {Expected(ends)}" : $"unknown tag '{tag.Text}'", tag.At);
        }
    }

    static string Expected(string tags) => $"'{tags.Replace(" ", "' or '", StringComparison.Ordinal)}' was expected";

    void End() => tokens.Expect(TokenKind.TagEnd, "'%}'");

    /// <summary>The end of the opening tag, a body, and the closing tag.</summary>
    IReadOnlyList<Statement> Block(string end)
    {
        End();
        var body = Body(end);
        tokens.Take();
        End();
        return body;
    }

    /// <summary>A body that a <c>break</c> cannot leave: it is collected before the loop around it goes on.</summary>
    T WithoutLoops<T>(Func<T> parse)
    {
        int outer = loops;
        loops = 0;
        var result = parse();
        loops = outer;
        return result;
    }

    If If(Mark at)
    {
        var branches = new List<(Expression?, IReadOnlyList<Statement>)>();
        string tag = "if";
        while (tag != "endif")
        {
            var test = tag == "else" ? null : expressions.Tuple(withConditional: false);
            End();
            branches.Add((test, Body(tag == "else" ? "endif" : "elif else endif")));
            tag = tokens.Take().Text;
        }
        End();
        return new(at, branches);
    }

    For For(Mark at)
    {
        var target = Target();
        tokens.ExpectName("in");
        var items = expressions.Tuple(withConditional: false);
        var test = tokens.TakeIf(TokenKind.Name, "if") ? expressions.Parse() : null;
        bool recursive = tokens.TakeIf(TokenKind.Name, "recursive");
        End();
        loops++;
        var body = Body("else endfor");
        loops--;
        IReadOnlyList<Statement> otherwise = [];
        if (tokens.Take().Text == "else")
            otherwise = Block("endfor");
        else
            End();
        return new(at, target, items, test, recursive, body, otherwise);
    }

    Statement Set(Mark at)
    {
        var target = Target();
        if (tokens.TakeIf(TokenKind.Operator, "="))
        {
            var value = expressions.Tuple();
            End();
            return new Set(at, target, value);
        }
        var filtered = expressions.Filters(new Captured(at));
        return new Capture(at, target, filtered, WithoutLoops(() => Block("endset")));
    }

    With With(Mark at)
    {
        var names = new List<(Target, Expression)>();
        while (tokens.Current.Kind != TokenKind.TagEnd)
        {
            if (names.Count > 0)
                tokens.ExpectOperator(",");
            var target = One();
            tokens.ExpectOperator("=");
            names.Add((target, expressions.Parse()));
        }
        return new(at, names, Block("endwith"));
    }

    /// <summary>The name may be there again behind <c>endblock</c>.</summary>
    Block BlockDefinition(Mark at)
    {
        var name = tokens.Expect(TokenKind.Name, "the block's name");
        bool scoped = tokens.TakeIf(TokenKind.Name, "scoped"), required = tokens.TakeIf(TokenKind.Name, "required");
        End();
        var body = WithoutLoops(() => Body("endblock"));
        tokens.Take();
        tokens.TakeIf(TokenKind.Name, name.Text);
        End();
        var block = new Block(at, name.Text, scoped, required, body);
        return blocks.TryAdd(name.Text, block) ? block : throw tokens.Error($"the block '{name.Text}' is there twice", name.At);
    }

    /// <summary>A tag that reaches for another template: a chat template has none beside it.</summary>
    Refused Foreign(Token tag)
    {
        while (tokens.Current.Kind is not (TokenKind.TagEnd or TokenKind.End))
            tokens.Take();
        End();
        return new(tag.At, $"'{tag.Text}' asks for another template, and a chat template stands alone");
    }

    MacroDefinition MacroDefinition(Mark at)
    {
        string name = tokens.Expect(TokenKind.Name, "the macro's name").Text;
        return new(at, Macro(name, "endmacro"));
    }

    CallBlock CallBlock(Mark at)
    {
        var parameters = tokens.Current.Is(TokenKind.Operator, "(") ? Parameters() : [];
        var call = expressions.Postfix(expressions.Primary()) as Call
            ?? throw tokens.Error("a call block must call a macro: {% call name() %}");
        var (body, uses) = mentions.In(() => WithoutLoops(() => Block("endcall")));
        return new(at, call, new("caller", parameters, body, uses));
    }

    Macro Macro(string name, string end)
    {
        var parameters = Parameters();
        var (body, uses) = mentions.In(() => WithoutLoops(() => Block(end)));
        return new(name, parameters, body, uses);
    }

    List<(string, Expression?)> Parameters()
    {
        var parameters = new List<(string Name, Expression? Default)>();
        tokens.ExpectOperator("(");
        while (!tokens.TakeIf(TokenKind.Operator, ")"))
        {
            if (parameters.Count > 0)
                tokens.ExpectOperator(",");
            string name = tokens.Expect(TokenKind.Name, "a parameter's name").Text;
            var missing = tokens.TakeIf(TokenKind.Operator, "=") ? expressions.Parse() : null;
            if (missing is null && parameters.Count > 0 && parameters[^1].Default is not null)
                throw tokens.Error($"the parameter '{name}' needs a default, as the one before it has one");
            if (parameters.Any(p => p.Name == name))
                throw tokens.Error($"the parameter '{name}' is there twice");
            parameters.Add((name, missing));
        }
        return parameters;
    }

    /// <summary>One or several names to give a value to.</summary>
    Target Target()
    {
        var targets = new List<Target>();
        bool several = false;
        do
        {
            if (targets.Count > 0 && tokens.Current.Kind != TokenKind.Name && !tokens.Current.Is(TokenKind.Operator, "("))
                break;
            targets.Add(One());
            several |= tokens.Current.Is(TokenKind.Operator, ",");
        }
        while (tokens.TakeIf(TokenKind.Operator, ","));
        return several ? new TupleTarget(targets) : targets[0];
    }

    Target One()
    {
        if (tokens.TakeIf(TokenKind.Operator, "("))
        {
            var inner = tokens.Nested(Target);
            tokens.ExpectOperator(")");
            return inner;
        }
        var name = tokens.Expect(TokenKind.Name, "a name to assign to");
        if (name.Text is "true" or "false" or "none" or "True" or "False" or "None")
            throw tokens.Error($"cannot assign to {name}", name.At);
        if (tokens.TakeIf(TokenKind.Operator, "."))
            return new AttributeTarget(name.Text, tokens.Expect(TokenKind.Name, "an attribute's name").Text);
        return new NameTarget(name.Text);
    }
}
