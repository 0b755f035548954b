using System.Numerics;

namespace Dayu.Templates;

/// <summary>Python's operators over values.</summary>
static class Operators
{
    public static Value Apply(Run run, string op, Value a, Value b)
    {
        bool takesUndefined = op is "==" or "!=" or "in" or "not in";
        if (a is UndefinedValue u && !takesUndefined)
            throw u.Error();
        if (b is UndefinedValue v && !takesUndefined && op != "%")
            throw v.Error();
        return op switch
        {
            "==" => run.Same(a, b),
            "!=" => !run.Same(a, b),
            "<" => Order(run, a, b) < 0,
            "<=" => Order(run, a, b) <= 0,
            ">" => Order(run, a, b) > 0,
            ">=" => Order(run, a, b) >= 0,
            "in" => Contains(run, b, a),
            "not in" => !Contains(run, b, a),
            "+" => Add(run, a, b),
            "*" => Multiply(run, a, b),
            "%" when a is TextValue t => new TextValue(PercentFormat.Apply(run, t.Authored, b), t.Safe),
            _ => Arithmetic(run, op, a, b),
        };
    }

    static TemplateException Unsupported(string op, Value a, Value b) =>
        new($"unsupported operand types for {op}: '{a.Type}' and '{b.Type}'");

    static Value Add(Run run, Value a, Value b)
    {
        switch (a, b)
        {
            case (TextValue x, TextValue y):
                bool safe = x.Safe || y.Safe;
                return new TextValue(new TextBuilder(run).Append(Part(x)).Append(Part(y)).ToText(), safe);

                AuthoredText Part(TextValue part) => safe && !part.Safe ? Html.Escape(run, part.Authored) : part.Authored;
            case (SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } x, SequenceValue y) when x.Kind == y.Kind:
                return run.List(x.List.Concat(y.List), x.Kind);
            case (TextValue, _):
                throw new TemplateException($"can only concatenate str (not \"{b.Type}\") to str; ~ joins values of any type");
            default:
                return Arithmetic(run, "+", a, b);
        }
    }

    static Value Multiply(Run run, Value a, Value b)
    {
        if (Number.Whole(a) is not null && b is TextValue or SequenceValue)
            (a, b) = (b, a);
        if (a is not (TextValue or SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple }) || Number.Whole(b) is null)
            return Arithmetic(run, "*", a, b);
        int count = Math.Max(0, Number.Index(b));
        if (a is SequenceValue { List.Count: 0 })
            return a;
        if (a is SequenceValue list)
            return run.List(Enumerable.Repeat(list.List, count).SelectMany(items => items), list.Kind);
        var text = (TextValue)a;
        return new TextValue(new TextBuilder(run).Repeat(text.Authored, count).ToText(), text.Safe);
    }

    static Value Arithmetic(Run run, string op, Value a, Value b)
    {
        if (op != "/" && Number.Whole(a) is { } x && Number.Whole(b) is { } y && !(op == "**" && y < 0))
            return Whole(run, op, x, y);
        if (Number.Real(a) is not { } u || Number.Real(b) is not { } v)
            throw Unsupported(op, a, b);
        if (v == 0 && op is "/" or "//" or "%" || op == "**" && u == 0 && v < 0)
            throw new TemplateException("division by zero");
        return op switch
        {
            "+" => u + v,
            "-" => u - v,
            "*" => u * v,
            "/" => u / v,
            "//" => Math.Round((u - Modulo(u, v)) / v),
            "%" => Modulo(u, v),
            _ => Power(u, v),
        };
    }

    static double Power(double u, double v)
    {
        if (u < 0 && !double.IsInteger(v))
            throw new TemplateException("a negative number to a broken power");
        double power = Math.Pow(u, v);
        return double.IsInfinity(power) && double.IsFinite(u) && double.IsFinite(v)
            ? throw new TemplateException("a power too large for a float")
            : power;
    }

    static double Modulo(double u, double v)
    {
        double rest = u % v;
        return rest == 0 ? Math.CopySign(0, v) : rest < 0 != v < 0 ? rest + v : rest;
    }

    static Value Whole(Run run, string op, BigInteger x, BigInteger y)
    {
        if (y.IsZero && op is "//" or "%")
            throw new TemplateException("division by zero");
        run.Step(1 + ((long)(x.GetBitLength() + y.GetBitLength()) >> 3));
        return Number.Checked(op switch
        {
            "+" => x + y,
            "-" => x - y,
            "*" => x * y,
            "//" => BigInteger.DivRem(x, y, out var rest) - (!rest.IsZero && rest.Sign != y.Sign ? 1 : 0),
            "%" => BigInteger.Remainder(x, y) is var r && !r.IsZero && r.Sign != y.Sign ? r + y : r,
            _ => Power(x, y),
        });
    }

    /// <summary>A whole number to a power that is not negative. Of 0, 1 and -1 the power may be of any size.</summary>
    static BigInteger Power(BigInteger x, BigInteger y)
    {
        if (y.IsZero || x.IsOne)
            return BigInteger.One;
        if (x.IsZero)
            return x;
        if ((-x).IsOne)
            return y.IsEven ? BigInteger.One : x;
        return y <= Number.MaxBits && x.GetBitLength() * (long)y <= 2 * Number.MaxBits
            ? BigInteger.Pow(x, (int)y)
            : throw new TemplateException("an integer of more than 4300 digits");
    }

    public static Value Negate(Value value) => value switch
    {
        UndefinedValue u => throw u.Error(),
        FloatValue f => -f.Value,
        _ => -(Number.Whole(value) ?? throw new TemplateException($"bad operand type for unary -: '{value.Type}'")),
    };

    public static bool Contains(Run run, Value container, Value item)
    {
        switch (container)
        {
            case TextValue t when item is TextValue part:
                run.Search(t.Text, part.Text);
                return t.Text.Contains(part.Text, StringComparison.Ordinal);
            case TextValue:
                throw new TemplateException($"'in <string>' requires a string as left operand, not {item.Type}");
            case DictValue d:
                return d.Entries.ContainsKey(run.Key(item));
            default:
                return run.Iterate(container, "in").Any(other => run.Same(item, other));
        }
    }

    /// <summary>Python's order; an error between types that have none.</summary>
    public static int Order(Run run, Value a, Value b)
    {
        run.Step(Math.Min(a.Weight, b.Weight));
        switch (a, b)
        {
            case (TextValue x, TextValue y):
                return Runes.Compare(x.Text, y.Text);
            case (SequenceValue x, SequenceValue y) when x.Kind == y.Kind && x.Kind is SequenceKind.List or SequenceKind.Tuple:
                Run.CheckStack();
                for (int i = 0; i < Math.Min(x.List.Count, y.List.Count); i++)
                    if (!run.Same(x.List[i], y.List[i]))
                        return Order(run, x.List[i], y.List[i]);
                return x.List.Count.CompareTo(y.List.Count);
        }
        if (Number.Whole(a) is { } m && Number.Whole(b) is { } n)
            return m.CompareTo(n);
        return Number.Real(a) is { } u && Number.Real(b) is { } v ? u.CompareTo(v) : throw Unsupported("<", a, b);
    }
}
