namespace Dayu.Templates;

/// <summary>How a statement ended: the loop around it may have to stop or go on.</summary>
enum Flow { Next, Break, Continue }

/// <summary>A node that does something: writes, sets, repeats.</summary>
abstract class Statement(Mark at)
{
    public Flow Execute(Run run, Scope scope)
    {
        try
        {
            Run.CheckStack();
            run.Step();
            return Do(run, scope);
        }
        catch (TemplateException e) when (e.Line == 0)
        {
            throw e.PlacedAt(run.Name, at);
        }
    }

    protected abstract Flow Do(Run run, Scope scope);

    public static Flow All(IReadOnlyList<Statement> body, Run run, Scope scope)
    {
        foreach (var statement in body)
            if (statement.Execute(run, scope) is var flow && flow != Flow.Next)
                return flow;
        return Flow.Next;
    }
}

/// <summary>Text between tags.</summary>
sealed class Data(Mark at, string text) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope)
    {
        run.Output.Append(text);
        return Flow.Next;
    }
}

/// <summary><c>{{ value }}</c></summary>
sealed class Print(Mark at, Expression value) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope)
    {
        var printed = value.Evaluate(run, scope);
        run.Output.Append(run.Escapes ? Html.Safe(run, printed) : run.Text(printed));
        return Flow.Next;
    }
}

/// <summary><c>if</c>, <c>elif</c>, <c>else</c> (whose test is null).</summary>
sealed class If(Mark at, IReadOnlyList<(Expression? Test, IReadOnlyList<Statement> Body)> branches) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope)
    {
        foreach (var (test, body) in branches)
            if (test is null || test.Evaluate(run, scope).Truth)
                return All(body, run, scope);
        return Flow.Next;
    }
}

/// <summary><c>break</c> or <c>continue</c>; the parser has seen to it that a loop is around.</summary>
sealed class Jump(Mark at, Flow flow) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope) => flow;
}

/// <summary><c>{% set target = value %}</c></summary>
sealed class Set(Mark at, Target target, Expression value) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope)
    {
        target.Assign(run, scope, value.Evaluate(run, scope));
        return Flow.Next;
    }
}

/// <summary>
/// <c>{% with a = 1 %}…{% endwith %}</c>; without names a scope and no more (<c>generation</c> blocks are that).
/// </summary>
sealed class With(
    Mark at, IReadOnlyList<(Target Target, Expression Value)> names, IReadOnlyList<Statement> body) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope)
    {
        var inner = new Scope(scope);
        var values = names.Select(n => n.Value.Evaluate(run, scope)).ToList();
        for (int i = 0; i < values.Count; i++)
            names[i].Target.Assign(run, inner, values[i]);
        return All(body, run, inner);
    }
}

/// <summary>
/// A block whose text goes through filters, to be written (<c>filter</c>) or to be kept in a target (<c>set</c>).
/// </summary>
sealed class Capture(Mark at, Target? target, Expression filtered, IReadOnlyList<Statement> body) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope)
    {
        var inner = new Scope(scope);
        var text = run.Capture(() => All(body, run, inner));
        inner = new Scope(scope);
        inner.Set(Captured.Name, new TextValue(text, run.Escapes));
        var value = filtered.Evaluate(run, inner);
        if (target is null)
            run.Output.Append(run.Text(value));
        else
            target.Assign(run, scope, value);
        return Flow.Next;
    }
}
