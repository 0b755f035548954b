namespace Dayu.Templates;

/// <summary>
/// What a template names, gathered while it is parsed, to find at load what can never work: a call of a function or
/// method that nothing defines. What the template defines, passes on, or first tests for (<c>is defined</c>) is left to
/// the rendering.
/// </summary>
sealed class KnownNames
{
    static readonly HashSet<string> methods = [.. TextMethods.Table.Keys, .. CollectionMethods.Names, .. LoopValue.Methods];

    readonly HashSet<string> defined = [.. Functions.Table.Keys, "loop", "caller"], attributes = [];
    readonly List<Expression> calls = [];
    readonly Stack<HashSet<string>> mentions = new();

    public string Define(string name)
    {
        defined.Add(name);
        return name;
    }

    public string AddAttribute(string name)
    {
        attributes.Add(name);
        return name;
    }

    public string Mention(string name)
    {
        foreach (var set in mentions)
            set.Add(name);
        return name;
    }

    public void AddCall(Expression function) => calls.Add(function);

    public void AddTested(Expression value)
    {
        if (value is NameOf name)
            Define(name.Name);
        else if (value is AttributeOf attribute)
            AddAttribute(attribute.Name);
    }

    /// <summary>The names that what is parsed inside mentions.</summary>
    public (T Result, HashSet<string> Names) Mentioned<T>(Func<T> parse)
    {
        mentions.Push([]);
        var result = parse();
        return (result, mentions.Pop());
    }

    /// <summary>The first call that cannot succeed: its error; null when there is none.</summary>
    public (string Message, Mark At)? UnknownCall()
    {
        foreach (var call in calls)
        {
            if (call is NameOf name && !defined.Contains(name.Name))
                return ($"unknown function '{name.Name}'", name.At);
            if (call is AttributeOf method && !methods.Contains(method.Name) && !attributes.Contains(method.Name))
                return ($"unknown method '{method.Name}'", method.At);
        }
        return null;
    }

    /// <summary>
    /// A filter or test that is named by a string: <c>map('upper')</c>, <c>selectattr('role', 'eq', …)</c>.
    /// </summary>
    public static string? UnknownIn(string filter, ArgumentList arguments)
    {
        int at = filter switch { "map" or "select" or "reject" => 0, "selectattr" or "rejectattr" => 1, _ => int.MaxValue };
        if (at >= arguments.Positional.Count || arguments.Positional[at] is not Literal { Value: TextValue name })
            return null;
        bool exists = filter == "map" ? Filters.Table.ContainsKey(name.Text) : JinjaTests.Table.ContainsKey(name.Text);
        return exists ? null : $"unknown {(filter == "map" ? "filter" : "test")} '{name.Text}'";
    }
}
