namespace Dayu.Templates;

/// <summary>A macro's head and body: also what a <c>call</c> block hands over as <c>caller</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Names, each with its default or null.</param>
/// <param name="Body">What it writes.</param>
/// <param name="Uses">
/// Which of <c>caller</c>, <c>varargs</c> and <c>kwargs</c> the body mentions: only those does it accept.
/// </param>
sealed record Macro(
    string Name, IReadOnlyList<(string Name, Expression? Default)> Parameters,
    IReadOnlyList<Statement> Body, IReadOnlySet<string> Uses)
{
    /// <summary>The macro as a value; it sees the scope it was written in, as that is when it is called.</summary>
    public FunctionValue In(Run run, Scope scope)
    {
        bool escapes = run.Escapes;                                         // where it was written, not where it is called
        return new(Name, (run, arguments) => Call(run, scope, arguments, escapes), "Macro");
    }

    TextValue Call(Run run, Scope outer, Arguments arguments, bool escapes)
    {
        using var _ = run.Deeper();
        var scope = new Scope(outer);
        var named = arguments.Named.ToDictionary(n => n.Name, StringComparer.Ordinal);
        SetParameters(run, scope, arguments.Positional, named);
        SetCaller(scope, named);
        SetFurther(scope, arguments.Positional, named.Values);
        return new(run.Capture(() => run.Escaping(escapes, () => Statement.All(Body, run, scope))), run.Escapes);
    }

    void SetParameters(Run run, Scope scope, IReadOnlyList<Value> positional, Dictionary<string, NamedArgument> named)
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            var (name, missing) = Parameters[i];
            var value = named.Remove(name, out var given) ? given.Value : null;
            if (i < positional.Count)
                value = value is null ? positional[i] : throw new TemplateException($"macro '{Name}' got two values for '{name}'");
            scope.Set(name, value ?? missing?.Evaluate(run, scope) ?? new UndefinedValue($"parameter '{name}' was not provided"));
        }
    }

    void SetCaller(Scope scope, Dictionary<string, NamedArgument> named)
    {
        if (named.Remove("caller", out var caller))
            scope.Set("caller", Uses.Contains("caller")
                ? caller.Value
                : throw new TemplateException($"macro '{Name}' was called by a call block but does not use caller"));
        else if (Uses.Contains("caller") && Parameters.All(p => p.Name != "caller"))
            scope.Set("caller", new UndefinedValue("No caller defined"));
    }

    /// <summary>Arguments that no parameter takes.</summary>
    void SetFurther(Scope scope, IReadOnlyList<Value> positional, IEnumerable<NamedArgument> named)
    {
        var further = new OrderedDictionary<Value, Value>();
        foreach (var argument in named)
            further[argument.Key] = Uses.Contains("kwargs")
                ? argument.Value
                : throw new TemplateException($"macro '{Name}' takes no keyword argument '{argument.Name}'");
        if (positional.Count > Parameters.Count && !Uses.Contains("varargs"))
            throw new TemplateException(
                $"macro '{Name}' takes not more than {Parameters.Count} arguments, {positional.Count} were given");
        if (Uses.Contains("kwargs"))
            scope.Set("kwargs", new DictValue(further));
        if (Uses.Contains("varargs"))
            scope.Set("varargs", new SequenceValue([.. positional.Skip(Parameters.Count)], SequenceKind.Tuple));
    }
}

/// <summary><c>{% macro name(…) %}</c></summary>
sealed class MacroDefinition(Mark at, Macro macro) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope)
    {
        scope.Set(macro.Name, macro.In(run, scope));
        return Flow.Next;
    }
}

/// <summary><c>{% call(…) macro(…) %}…{% endcall %}</c></summary>
sealed class CallBlock(Mark at, Call call, Macro caller) : Statement(at)
{
    protected override Flow Do(Run run, Scope scope)
    {
        run.Output.Append(run.Text(call.WithCaller(run, scope, caller.In(run, scope))));
        return Flow.Next;
    }
}
