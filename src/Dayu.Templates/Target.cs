namespace Dayu.Templates;

/// <summary>What a value is given to: a name, several names, or a namespace's attribute.</summary>
abstract class Target
{
    public abstract void Assign(Run run, Scope scope, Value value);
}

sealed class NameTarget(string name) : Target
{
    public string Name => name;
    public override void Assign(Run run, Scope scope, Value value) => scope.Set(name, value);
}

/// <summary>
/// <c>{% set namespace.attribute = … %}</c>: the one lasting change a template can make from inside a loop.
/// </summary>
sealed class AttributeTarget(string name, string attribute) : Target
{
    public override void Assign(Run run, Scope scope, Value value)
    {
        if (scope.Find(name) is not NamespaceValue space)
            throw new TemplateException($"cannot set the attribute '{attribute}' of '{name}': it is not a namespace");
        space.Set(attribute, value);
    }
}

/// <summary><c>a, b</c>: one element each.</summary>
sealed class TupleTarget(IReadOnlyList<Target> targets) : Target
{
    public override void Assign(Run run, Scope scope, Value value)
    {
        var values = run.Iterate(value, "unpacking").Take(targets.Count + 1).ToList();
        if (values.Count < targets.Count)
            throw new TemplateException($"not enough values to unpack: expected {targets.Count}");
        if (values.Count > targets.Count)
            throw new TemplateException($"too many values to unpack: expected {targets.Count}");
        for (int i = 0; i < targets.Count; i++)
            targets[i].Assign(run, scope, values[i]);
    }
}
