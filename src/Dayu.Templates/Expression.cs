namespace Dayu.Templates;

/// <summary>A node that has a value.</summary>
abstract class Expression(Mark at)
{
    public Mark At => at;

    public Value Evaluate(Run run, Scope scope)
    {
        try
        {
            Run.CheckStack();
            run.Step();
            return Compute(run, scope);
        }
        catch (TemplateException e) when (e.Line == 0)
        {
            throw e.PlacedAt(run.Name, at);
        }
    }

    protected abstract Value Compute(Run run, Scope scope);
}

sealed class Literal(Mark at, Value value) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) => value;
}

sealed class NameOf(Mark at, string name) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) => scope.Find(name) ?? new UndefinedValue($"'{name}' is undefined");
}

/// <summary><c>[a, b]</c> or <c>(a, b)</c>.</summary>
sealed class ListOf(Mark at, IReadOnlyList<Expression> items, SequenceKind kind) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) =>
        new SequenceValue([.. items.Select(item => item.Evaluate(run, scope))], kind);
}

/// <summary><c>{key: value}</c></summary>
sealed class DictOf(Mark at, IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope)
    {
        var dict = new OrderedDictionary<Value, Value>();
        foreach (var (key, value) in entries)
            dict[run.Key(key.Evaluate(run, scope))] = value.Evaluate(run, scope);
        return new DictValue(dict);
    }
}

/// <summary><c>value.name</c></summary>
sealed class AttributeOf(Mark at, Expression value, string name) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) => Access.Attribute(run, value.Evaluate(run, scope), name);
}

/// <summary><c>value[key]</c></summary>
sealed class ItemOf(Mark at, Expression value, Expression key) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) =>
        Access.Item(run, value.Evaluate(run, scope), key.Evaluate(run, scope));
}

/// <summary><c>value[start:stop:step]</c></summary>
sealed class SliceOf(Mark at, Expression value, Expression? start, Expression? stop, Expression? step) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope)
    {
        var sliced = value.Evaluate(run, scope);
        return Slicing.Slice(run, sliced, Bound(start), Bound(stop), Bound(step));

        Value? Bound(Expression? bound) => bound?.Evaluate(run, scope);
    }
}

/// <summary><c>a if test else b</c>; undefined when the test fails and there is no else.</summary>
sealed class Conditional(Mark at, Expression test, Expression then, Expression? otherwise) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) => test.Evaluate(run, scope).Truth ? then.Evaluate(run, scope)
        : otherwise?.Evaluate(run, scope) ?? new UndefinedValue("the inline if has no else and its condition was false");
}

/// <summary><c>not</c>, <c>-</c>, <c>+</c> before a value.</summary>
sealed class Unary(Mark at, string op, Expression value) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) => value.Evaluate(run, scope) is var v && op == "not" ? !v.Truth
        : op == "-" ? Operators.Negate(v) : Operators.Negate(Operators.Negate(v));
}

/// <summary><c>a and b</c>, <c>a or b</c>: the value that decided, as in Python.</summary>
sealed class Logical(Mark at, bool isAnd, Expression a, Expression b) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) =>
        a.Evaluate(run, scope) is var left && left.Truth == isAnd ? b.Evaluate(run, scope) : left;
}

/// <summary>An arithmetic operator between two values.</summary>
sealed class Binary(Mark at, string op, Expression a, Expression b) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) =>
        Operators.Apply(run, op, a.Evaluate(run, scope), b.Evaluate(run, scope));
}

/// <summary><c>a &lt; b &lt;= c</c>: true when every neighbouring pair is.</summary>
sealed class Comparison(Mark at, Expression first, IReadOnlyList<(string Operator, Expression Value)> rest) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope)
    {
        var left = first.Evaluate(run, scope);
        foreach (var (op, value) in rest)
        {
            var right = value.Evaluate(run, scope);
            if (!Operators.Apply(run, op, left, right).Truth)
                return false;
            left = right;
        }
        return true;
    }
}

/// <summary><c>a ~ b ~ c</c>: the texts of all, one after another.</summary>
sealed class Concatenation(Mark at, IReadOnlyList<Expression> parts) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope)
    {
        Value[] values = [.. parts.Select(part => part.Evaluate(run, scope))];
        return Html.Joined(run, values, AuthoredText.Empty, safe: values.Any(Html.IsSafe));
    }
}
