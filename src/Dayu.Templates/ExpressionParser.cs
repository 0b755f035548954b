using System.Globalization;

namespace Dayu.Templates;

/// <summary>
/// Jinja's expressions, loosest first: inline if, or, and, not, comparison, + -, ~, * / // %, **, sign, then filters
/// and tests, then <c>.</c> <c>[]</c> <c>()</c>.
/// </summary>
sealed class ExpressionParser(TokenStream tokens, Mentions mentions)
{
    static readonly HashSet<string> comparisons = ["==", "!=", "<", "<=", ">", ">="];

    bool Operator(string op) => tokens.Current.Is(TokenKind.Operator, op);
    bool Word(string word) => tokens.Current.Is(TokenKind.Name, word);

    public Expression Parse(bool withConditional = true) => tokens.Nested(() => withConditional ? Conditional() : Or());

    Expression Conditional()
    {
        var value = Or();
        while (Word("if"))
        {
            var at = tokens.Take().At;
            var test = Or();
            value = new Conditional(at, test, value, tokens.TakeIf(TokenKind.Name, "else") ? Parse() : null);
        }
        return value;
    }

    Expression Or()
    {
        var left = And();
        while (Word("or"))
            left = new Logical(tokens.Take().At, isAnd: false, left, And());
        return left;
    }

    Expression And()
    {
        var left = Not();
        while (Word("and"))
            left = new Logical(tokens.Take().At, isAnd: true, left, Not());
        return left;
    }

    Expression Not() => Word("not") ? new Unary(tokens.Take().At, "not", tokens.Nested(Not)) : Comparison();

    Expression Comparison()
    {
        var first = Sum();
        var (at, rest) = (tokens.Current.At, new List<(string, Expression)>());
        while (true)
        {
            string op;
            if (tokens.Current.Kind == TokenKind.Operator && comparisons.Contains(tokens.Current.Text))
                op = tokens.Take().Text;
            else if (tokens.TakeIf(TokenKind.Name, "in"))
                op = "in";
            else if (Word("not") && tokens.Following.Is(TokenKind.Name, "in"))
            {
                tokens.Take();
                tokens.Take();
                op = "not in";
            }
            else
                return rest.Count == 0 ? first : new Comparison(at, first, rest);
            rest.Add((op, Sum()));
        }
    }

    Expression Sum()
    {
        var left = Concatenation();
        while (Operator("+") || Operator("-"))
        {
            var op = tokens.Take();
            left = new Binary(op.At, op.Text, left, Concatenation());
        }
        return left;
    }

    Expression Concatenation()
    {
        List<Expression> parts = [Product()];
        var at = tokens.Current.At;
        while (tokens.TakeIf(TokenKind.Operator, "~"))
            parts.Add(Product());
        return parts.Count == 1 ? parts[0] : new Concatenation(at, parts);
    }

    Expression Product()
    {
        var left = Power();
        while (Operator("*") || Operator("/") || Operator("//") || Operator("%"))
        {
            var op = tokens.Take();
            left = new Binary(op.At, op.Text, left, Power());
        }
        return left;
    }

    Expression Power()
    {
        var left = Signed(withFilters: true);
        while (Operator("**"))
            left = new Binary(tokens.Take().At, "**", left, Signed(withFilters: true));
        return left;
    }

    /// <summary>A sign binds closer than a filter: <c>-1|abs</c> is 1.</summary>
    Expression Signed(bool withFilters)
    {
        var op = tokens.Current;
        var value = Operator("-") || Operator("+")
            ? new Unary(tokens.Take().At, op.Text, tokens.Nested(() => Signed(withFilters: false)))
            : Postfix(Primary());
        return withFilters ? FiltersAndTests(value) : value;
    }

    /// <summary>A name, a literal, or something in brackets.</summary>
    public Expression Primary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                tokens.Take();
                return token.Text switch
                {
                    "true" or "True" => new Literal(token.At, true),
                    "false" or "False" => new Literal(token.At, false),
                    "none" or "None" => new Literal(token.At, NoneValue.None),
                    _ => new NameOf(token.At, mentions.Add(token.Text)),
                };
            case TokenKind.String:
                var text = new System.Text.StringBuilder();
                while (tokens.Current.Kind == TokenKind.String)
                    text.Append(tokens.Take().Text);                        // neighbours are one string
                return new Literal(token.At, TextValue.ByTemplate(text.ToString()));
            case TokenKind.Integer:
                tokens.Take();
                return new Literal(token.At, Number.ParseWhole(token.Text, token.Text.StartsWith('0') ? 0 : 10)
                    ?? throw tokens.Error($"{token} is not an integer", token.At));
            case TokenKind.Float:
                tokens.Take();
                return new Literal(token.At, double.Parse(token.Text, CultureInfo.InvariantCulture));
            case TokenKind.Operator when token.Text == "(":
                tokens.Take();
                var inner = Tuple(allowEmpty: true);
                tokens.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                tokens.Take();
                return new ListOf(token.At, Until("]", () => Parse()), SequenceKind.List);
            case TokenKind.Operator when token.Text == "{":
                tokens.Take();
                return new DictOf(token.At, Until("}", Entry));
            default:
                throw tokens.Error($"expected an expression, found {token}");
        }
    }

    (Expression, Expression) Entry()
    {
        var key = Parse();
        tokens.ExpectOperator(":");
        return (key, Parse());
    }

    List<T> Until<T>(string close, Func<T> parse)
    {
        var items = new List<T>();
        while (!tokens.TakeIf(TokenKind.Operator, close))
        {
            if (items.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.TakeIf(TokenKind.Operator, close))
                    break;
            }
            items.Add(parse());
        }
        return items;
    }

    /// <summary>One expression, or several with commas between: a tuple.</summary>
    public Expression Tuple(bool allowEmpty = false, bool withConditional = true)
    {
        var (at, items, isTuple) = (tokens.Current.At, new List<Expression>(), false);
        while (!EndsTuple())
        {
            items.Add(Parse(withConditional));
            if (!tokens.TakeIf(TokenKind.Operator, ","))
                break;
            isTuple = true;
        }
        if (!isTuple && items.Count == 1)
            return items[0];
        return isTuple || allowEmpty
            ? new ListOf(at, items, SequenceKind.Tuple)
            : throw tokens.Error($"expected an expression, found {tokens.Current}");

        bool EndsTuple() => tokens.Current.Kind is TokenKind.PrintEnd or TokenKind.TagEnd
            || Operator(")") || Word("recursive") && items.Count > 0;
    }

    /// <summary>What follows a value directly: <c>.name</c>, <c>[key]</c>, <c>(arguments)</c>.</summary>
    public Expression Postfix(Expression value)
    {
        while (true)
        {
            var at = tokens.Current.At;
            if (tokens.TakeIf(TokenKind.Operator, "."))
                value = tokens.Current.Kind == TokenKind.Integer
                    ? new ItemOf(at, value, Primary())
                    : new AttributeOf(tokens.Current.At, value, tokens.Expect(TokenKind.Name, "a name or number after '.'").Text);
            else if (tokens.TakeIf(TokenKind.Operator, "["))
                value = Subscript(at, value);
            else if (Operator("("))
                value = new Call(value.At, value, Arguments());
            else
                return value;
        }
    }

    Expression Subscript(Mark at, Expression value)
    {
        Expression? Bound() => Operator(":") || Operator("]") ? null : Parse();
        var first = Bound();
        if (!tokens.TakeIf(TokenKind.Operator, ":"))
        {
            var keys = new List<Expression> { first ?? throw tokens.Error("expected a key between '[' and ']'") };
            while (tokens.TakeIf(TokenKind.Operator, ","))
                keys.Add(Parse());
            tokens.ExpectOperator("]");
            return new ItemOf(at, value, keys.Count == 1 ? keys[0] : new ListOf(at, keys, SequenceKind.Tuple));
        }
        var stop = Bound();
        var step = tokens.TakeIf(TokenKind.Operator, ":") ? Bound() : null;
        tokens.ExpectOperator("]");
        return new SliceOf(at, value, first, stop, step);
    }

    public ArgumentList Arguments()
    {
        tokens.ExpectOperator("(");
        var (positional, named) = (new List<Expression>(), new List<(string Name, Expression Value)>());
        Expression? spread = null, spreadNamed = null;
        Until(")", () =>
        {
            if (tokens.TakeIf(TokenKind.Operator, "*") && spread is null && spreadNamed is null)
                return spread = Parse();
            if (tokens.TakeIf(TokenKind.Operator, "**") && spreadNamed is null)
                return spreadNamed = Parse();
            if (spreadNamed is not null)
                throw tokens.Error("an argument behind **arguments");
            if (tokens.Current.Kind == TokenKind.Name && tokens.Following.Is(TokenKind.Operator, "="))
            {
                var (_, name, at) = tokens.Take();
                tokens.Take();
                if (named.Any(n => n.Name == name))
                    throw tokens.Error($"the argument '{name}' is given twice", at);
                named.Add((name, Parse()));
                return named[^1].Value;
            }
            if (named.Count > 0 || spread is not null)
                throw tokens.Error("an argument without name behind one with a name");
            positional.Add(Parse());
            return positional[^1];
        });
        return new(positional, named, spread, spreadNamed);
    }

    Expression FiltersAndTests(Expression value)
    {
        while (true)
        {
            if (Operator("|"))
                value = Filters(value);
            else if (Word("is"))
                value = Test(value);
            else if (Operator("("))
                value = new Call(value.At, value, Arguments());
            else
                return value;
        }
    }

    /// <summary><c>|name(arguments)|…</c></summary>
    public Expression Filters(Expression value)
    {
        while (tokens.TakeIf(TokenKind.Operator, "|"))
            value = Filter(value);
        return value;
    }

    public Expression Filter(Expression value)
    {
        var name = tokens.Expect(TokenKind.Name, "a filter's name");
        return new Filtered(name.At, name.Text, value, Operator("(") ? Arguments() : ArgumentList.None);
    }

    Expression Test(Expression value)
    {
        tokens.Take();
        bool negated = tokens.TakeIf(TokenKind.Name, "not");
        var name = tokens.Expect(TokenKind.Name, "a test's name after 'is'");
        var arguments = ArgumentList.None;
        if (Operator("("))
            arguments = Arguments();
        else if (Word("is"))
            throw tokens.Error("tests cannot be chained: write 'x is a and x is b'");
        else if (tokens.Current.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float || Operator("[") || Operator("{")
            || tokens.Current.Kind == TokenKind.Name && tokens.Current.Text is not ("else" or "or" or "and"))
            arguments = new([Postfix(Primary())], [], null, null);
        var tested = new Tested(name.At, name.Text, value, arguments);
        return negated ? new Unary(name.At, "not", tested) : tested;
    }
}
