namespace Dayu.Templates;

/// <summary>A macro's head and body: also what a <c>call</c> block hands over as <c>caller</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Names, each with its default or null.</param>
/// <param name="Body">What it writes.</param>
/// <param name="Uses">Which of <c>caller</c>, <c>varargs</c> and <c>kwargs</c> the body mentions: only those does it accept.</param>
sealed record Macro(string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters, IReadOnlyList<Statement> Body, IReadOnlySet<string> Uses)
{
    /// <summary>The macro as a value; it sees the scope it was written in, as that is when it is called.</summary>
    public FunctionValue In(Scope scope) => new(Name, (run, arguments) => Call(run, scope, arguments), "Macro");

    string Call(Run run, Scope outer, Arguments arguments)
    {
        using var _ = run.Deeper();
        var scope = new Scope(outer);
        var extra = new OrderedDictionary<Value, Value>();
        var named = arguments.Named.ToDictionary(n => n.Name, n => n.Value);
        for (int i = 0; i < Parameters.Count; i++)
        {
            var (name, missing) = Parameters[i];
            bool byName = named.Remove(name, out var value);
            if (i < arguments.Positional.Count)
                value = byName ? throw new TemplateException($"macro '{Name}' got two values for '{name}'") : arguments.Positional[i];
            scope.Set(name, value ?? missing?.Evaluate(run, scope) ?? new UndefinedValue($"parameter '{name}' was not provided"));
        }
        if (named.Remove("caller", out var caller))
            scope.Set("caller", Uses.Contains("caller") ? caller : throw new TemplateException($"macro '{Name}' was called by a call block but does not use caller"));
        else if (Uses.Contains("caller") && Parameters.All(p => p.Name != "caller"))
            scope.Set("caller", new UndefinedValue("No caller defined"));
        foreach (var (name, value) in named)
            extra[name] = Uses.Contains("kwargs") ? value : throw new TemplateException($"macro '{Name}' takes no keyword argument '{name}'");
        if (arguments.Positional.Count > Parameters.Count && !Uses.Contains("varargs"))
            throw new TemplateException($"macro '{Name}' takes not more than {Parameters.Count} arguments, {arguments.Positional.Count} were given");
        if (Uses.Contains("kwargs"))
            scope.Set("kwargs", new DictValue(extra));
        if (Uses.Contains("varargs"))
            scope.Set("varargs", new SequenceValue([.. arguments.Positional.Skip(Parameters.Count)], SequenceKind.Tuple));
        return run.Capture(() => Statement.All(Body, run, scope));
    }
}

/// <summary><c>{% macro name(…) %}</c></summary>
sealed class MacroDefinition(Mark at, Macro macro) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope)
    {
        scope.Set(macro.Name, macro.In(scope));
        return Flow.Next;
    }
}

/// <summary><c>{% call(…) macro(…) %}…{% endcall %}</c></summary>
sealed class CallBlock(Mark at, Call call, Macro caller) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope)
    {
        run.Output.Append(run.Text(call.WithCaller(run, scope, caller.In(scope))));
        return Flow.Next;
    }
}
