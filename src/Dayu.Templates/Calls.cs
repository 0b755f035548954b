namespace Dayu.Templates;

/// <summary>The arguments written in a call.</summary>
/// <param name="Positional">In order.</param>
/// <param name="Named">By name.</param>
/// <param name="Spread">A list of further ones, <c>*list</c>.</param>
/// <param name="SpreadNamed">A dict of further ones by name, <c>**dict</c>.</param>
sealed record ArgumentList(
    IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named,
    Expression? Spread, Expression? SpreadNamed)
{
    public static readonly ArgumentList None = new([], [], null, null);

    public Arguments Evaluate(Run run, Scope scope)
    {
        if (Positional.Count + Named.Count == 0 && Spread is null && SpreadNamed is null)
            return Arguments.None;
        List<Value> positional = [.. Positional.Select(e => e.Evaluate(run, scope))];
        List<NamedArgument> named = [.. Named.Select(n => NamedArgument.ByTemplate(n.Name, n.Value.Evaluate(run, scope)))];
        if (Spread is not null)
            positional.AddRange(run.Iterate(Spread.Evaluate(run, scope), "*arguments"));
        if (SpreadNamed?.Evaluate(run, scope) is { } more)
            foreach (var (key, value) in (more as DictValue ?? throw new TemplateException("**arguments must be a dict")).Entries)
                named.Add(new(new(run.Text(key)), value));
        return named.DistinctBy(n => n.Name).Count() == named.Count
            ? new(positional, named)
            : throw new TemplateException("a call gives the same named argument twice");
    }
}

/// <summary><c>function(…)</c></summary>
sealed class Call(Mark at, Expression function, ArgumentList arguments) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) =>
        Invoke(run, function.Evaluate(run, scope), arguments.Evaluate(run, scope));

    public static Value Invoke(Run run, Value function, Arguments arguments) => function switch
    {
        FunctionValue f => f.Call(run, arguments),
        LoopValue loop => loop.Recurse(run, arguments),
        UndefinedValue u => throw u.Error(),
        _ => throw new TemplateException($"'{function.Type}' object is not callable"),
    };

    /// <summary>The call of a <c>call</c> block: its macro finds the block's body as <c>caller</c>.</summary>
    public Value WithCaller(Run run, Scope scope, FunctionValue caller)
    {
        var given = arguments.Evaluate(run, scope);
        var withCaller = given with { Named = [.. given.Named, NamedArgument.ByTemplate("caller", caller)] };
        return Invoke(run, function.Evaluate(run, scope), withCaller);
    }
}

/// <summary>
/// <c>value|filter(…)</c>. One that does not exist is an error where it is reached: a guarded one harms nobody.
/// </summary>
sealed class Filtered(Mark at, string filter, Expression value, ArgumentList arguments) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) =>
        Filters.Named(filter).Call(run, value.Evaluate(run, scope), arguments.Evaluate(run, scope));
}

/// <summary><c>value is test(…)</c></summary>
sealed class Tested(Mark at, string test, Expression value, ArgumentList arguments) : Expression(at)
{
    protected override Value Compute(Run run, Scope scope) =>
        JinjaTests.Named(test).Call(run, value.Evaluate(run, scope), arguments.Evaluate(run, scope));
}

/// <summary>Stands for the text of a <c>filter</c> or <c>set</c> block before its filters.</summary>
sealed class Captured(Mark at) : Expression(at)
{
    public const string Name = " captured";                                // no template can write this name
    protected override Value Compute(Run run, Scope scope) => scope.Find(Name)!;
}
