namespace Dayu.Templates;

/// <summary><c>{% for target in items if test recursive %}…{% else %}…{% endfor %}</c></summary>
sealed class For(
    Mark at, Target target, Expression items, Expression? test, bool recursive,
    IReadOnlyList<Statement> body, IReadOnlyList<Statement> otherwise) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope) => Over(run, scope, items.Evaluate(run, scope), depth: 0);

    Flow Over(Run run, Scope scope, Value iterated, int depth)
    {
        using var _ = run.Deeper();
        var list = run.Iterate(iterated, "for").Where(item => Keeps(run, scope, item)).ToList();
        var loop = new LoopValue(list, depth, recursive ? Again : null);
        for (; loop.Index < list.Count; loop.Index++)
        {
            run.Step();
            var inner = new Scope(scope);
            target.Assign(run, inner, list[loop.Index]);
            inner.Set("loop", loop);
            if (All(body, run, inner) == Flow.Break)
                break;
        }
        return list.Count == 0 ? All(otherwise, run, new Scope(scope)) : Flow.Next;

        TextValue Again(Value value, Run run) => new(run.Capture(() => Over(run, scope, value, depth + 1)), run.Escapes);
    }

    bool Keeps(Run run, Scope scope, Value item)
    {
        if (test is null)
            return true;
        var inner = new Scope(scope);
        target.Assign(run, inner, item);
        return test.Evaluate(run, inner).Truth;
    }
}

/// <summary>What <c>loop</c> is inside a loop.</summary>
sealed class LoopValue(IReadOnlyList<Value> items, int depth, Func<Value, Run, TextValue>? again) : Value
{
    static readonly Dictionary<string, Builtin> methods = Builtin.Table(
        new("cycle", "*", (a, self) => ((LoopValue)self).Cycle(a.All.Positional)),
        new("changed", "*", (a, self) => ((LoopValue)self).Changed(a.Run, new(a.All.Positional, SequenceKind.Tuple))));

    SequenceValue? last;

    /// <summary>The pass the loop is in, from 0.</summary>
    public int Index { get; set; }

    public override string Type => "LoopContext";
    public override int? Length => items.Count;
    public override void Show(TextBuilder to) => to.Append($"<LoopContext {Index + 1}/{items.Count}>");
    public override bool Equals(Value? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => 4;

    public override Value? Attribute(string name) => name switch
    {
        "index" => Index + 1,
        "index0" => Index,
        "revindex" => items.Count - Index,
        "revindex0" => items.Count - Index - 1,
        "first" => Index == 0,
        "last" => Index == items.Count - 1,
        "length" => items.Count,
        "depth" => depth + 1,
        "depth0" => depth,
        "previtem" => Index > 0 ? items[Index - 1] : new UndefinedValue("there is no previous item"),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new UndefinedValue("there is no next item"),
        _ => methods.GetValueOrDefault(name)?.Bind(this),
    };

    Value Cycle(IReadOnlyList<Value> values) =>
        values.Count > 0 ? values[Index % values.Count] : throw new TemplateException("loop.cycle() without values");

    Value Changed(Run run, SequenceValue now)
    {
        bool changed = last is null || !run.Same(last, now);
        last = now;
        return changed;
    }

    /// <summary><c>loop(items)</c>: the loop's body over other items, one level further down.</summary>
    public Value Recurse(Run run, Arguments arguments)
    {
        if (again is null)
            throw new TemplateException("loop(…) needs a loop marked 'recursive'");
        return arguments is { Positional: [var items], Named: [] }
            ? again(items, run)
            : throw new TemplateException("loop(…) takes the items to go over, and nothing else");
    }
}
