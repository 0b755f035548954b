namespace Dayu.Templates;

/// <summary>
/// An argument given by name. The name is a string like others: <c>dict(**message)</c> makes keys of names.
/// </summary>
readonly record struct NamedArgument(TextValue Key, Value Value)
{
    public string Name => Key.Text;

    public static NamedArgument ByTemplate(string name, Value value) => new(TextValue.ByTemplate(name), value);
}

/// <summary>The arguments of one call, in order and by name.</summary>
sealed record Arguments(IReadOnlyList<Value> Positional, IReadOnlyList<NamedArgument> Named)
{
    public static readonly Arguments None = new([], []);

    public Value? Name(string name) => Named.FirstOrDefault(n => n.Name == name).Value;

    /// <summary>The named ones as a dict.</summary>
    public DictValue ToDict() => new(new(Named.Select(n => KeyValuePair.Create<Value, Value>(n.Key, n.Value))));

    /// <summary>The arguments after the first few.</summary>
    public Arguments Skip(int count) => new([.. Positional.Skip(count)], Named);
}

/// <summary>A built-in's arguments, each in the slot of its parameter; null where none was given.</summary>
readonly struct Slots(Run run, Value?[] values, Arguments all)
{
    public Run Run => run;
    public Arguments All => all;
    public Value? this[int i] => values[i];

    /// <summary>The argument as text: Python's <c>str()</c> of it.</summary>
    public AuthoredText Text(int i, string missing = "") =>
        values[i] is { } value ? run.Text(value) : AuthoredText.ByTemplate(missing);

    /// <summary>The argument, which must be a string.</summary>
    public AuthoredText String(int i) => values[i] is TextValue t
        ? t.Authored
        : throw new TemplateException($"expected a string, found {values[i]?.Type ?? "nothing"}");

    /// <summary>The argument, which must be a string, to look for: who wrote it makes no difference.</summary>
    public string Sought(int i) => String(i).Text;

    public int Int(int i, int missing) =>
        values[i] switch { null => missing, UndefinedValue u => throw u.Error(), var value => Number.Index(value) };

    public bool Truth(int i, bool missing = false) => values[i]?.Truth ?? missing;

    /// <summary>The argument, or null when it is missing or None.</summary>
    public Value? Given(int i) => values[i] is NoneValue ? null : values[i];
}

/// <summary>
/// A filter, test, method or function. It is called with the value it stands behind (<c>value|filter</c>,
/// <c>value.method()</c>).
/// </summary>
/// <param name="name">As templates write it.</param>
/// <param name="parameters">
/// Names separated by spaces, the optional ones ending in '?'; "*" takes whatever comes.
/// </param>
/// <param name="body">What it does.</param>
sealed class Builtin(string name, string parameters, Func<Slots, Value, Value> body)
{
    readonly string[] names = [.. parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.TrimEnd('?'))];
    readonly int required = parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(p => !p.EndsWith('?'));

    public string Name => name;

    public FunctionValue Bind(Value self) =>
        new(name, (run, arguments) => Call(run, self, arguments), "builtin_function_or_method");

    public Value Call(Run run, Value self, Arguments arguments)
    {
        run.Step(self is TextValue ? self.Weight : 1);
        if (parameters == "*")
            return body(new(run, [], arguments), self);
        if (arguments.Positional.Count > names.Length)
            throw new TemplateException(
                $"{name}() takes at most {names.Length} arguments, {arguments.Positional.Count} were given");
        var slots = new Value?[names.Length];
        for (int i = 0; i < arguments.Positional.Count; i++)
            slots[i] = arguments.Positional[i];
        foreach (var argument in arguments.Named)
        {
            int i = Array.IndexOf(names, argument.Name);
            if (i < 0)
                throw new TemplateException($"{name}() has no parameter '{argument.Name}'; it has: {string.Join(", ", names)}");
            if (slots[i] is not null)
                throw new TemplateException($"{name}() was given '{argument.Name}' twice");
            slots[i] = argument.Value;
        }
        for (int i = 0; i < required; i++)
            if (slots[i] is null)
                throw new TemplateException($"{name}() needs the argument '{names[i]}'");
        return body(new(run, slots, arguments), self);
    }

    /// <summary>A table of built-ins by name.</summary>
    public static Dictionary<string, Builtin> Table(params IEnumerable<Builtin> builtins) =>
        builtins.ToDictionary(b => b.Name, StringComparer.Ordinal);
}
