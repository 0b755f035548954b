namespace Dayu.Templates;

/// <summary>The arguments of one call, in order and by name.</summary>
sealed record Arguments(IReadOnlyList<Value> Positional, IReadOnlyList<(string Name, Value Value)> Named)
{
    public static readonly Arguments None = new([], []);

    public Value? Name(string name) => Named.FirstOrDefault(n => n.Name == name).Value;

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
    public string Text(int i, string missing = "") => values[i] is { } value ? run.Text(value) : missing;

    /// <summary>The argument, which must be a string.</summary>
    public string String(int i) => values[i] is TextValue t ? t.Text : throw new TemplateException($"expected a string, found {values[i]?.Type ?? "nothing"}");

    public int Int(int i, int missing) => values[i] switch { null => missing, UndefinedValue u => throw u.Error(), var value => Number.Index(value) };
    public bool Truth(int i, bool missing = false) => values[i]?.Truth ?? missing;

    /// <summary>The argument, or null when it is missing or None.</summary>
    public Value? Given(int i) => values[i] is NoneValue ? null : values[i];
}

/// <summary>A filter, test, method or function. It is called with the value it stands behind (<c>value|filter</c>, <c>value.method()</c>).</summary>
/// <param name="name">As templates write it.</param>
/// <param name="parameters">Names separated by spaces, the optional ones ending in '?'; "*" takes whatever comes.</param>
/// <param name="body">What it does.</param>
sealed class Builtin(string name, string parameters, Func<Slots, Value, Value> body)
{
    readonly string[] names = [.. parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(p => p.TrimEnd('?'))];
    readonly int required = parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(p => !p.EndsWith('?'));

    public string Name => name;

    public FunctionValue Bind(Value self) => new(name, (run, arguments) => Call(run, self, arguments), "builtin_function_or_method");

    public Value Call(Run run, Value self, Arguments arguments)
    {
        run.Step(self is TextValue ? self.Weight : 1);
        if (parameters == "*")
            return body(new(run, [], arguments), self);
        if (arguments.Positional.Count > names.Length)
            throw new TemplateException($"{name}() takes at most {names.Length} arguments, {arguments.Positional.Count} were given");
        var slots = new Value?[names.Length];
        for (int i = 0; i < arguments.Positional.Count; i++)
            slots[i] = arguments.Positional[i];
        foreach (var (key, value) in arguments.Named)
        {
            int i = Array.IndexOf(names, key);
            if (i < 0 || slots[i] is not null)
                throw new TemplateException(i < 0 ? $"{name}() has no parameter '{key}'; it has: {string.Join(", ", names)}" : $"{name}() was given '{key}' twice");
            slots[i] = value;
        }
        for (int i = 0; i < required; i++)
            if (slots[i] is null)
                throw new TemplateException($"{name}() needs the argument '{names[i]}'");
        return body(new(run, slots, arguments), self);
    }

    /// <summary>A table of built-ins by name.</summary>
    public static Dictionary<string, Builtin> Table(params IEnumerable<Builtin> builtins) => builtins.ToDictionary(b => b.Name, StringComparer.Ordinal);
}
