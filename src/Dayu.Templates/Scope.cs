namespace Dayu.Templates;

/// <summary>
/// Names and their values. A loop's pass, a macro's call, a <c>with</c>, <c>filter</c> or <c>set</c> block has a scope
/// of its own: what it sets ends with it, what it reads it finds outwards. An <c>if</c> has none.
/// </summary>
sealed class Scope(Scope? outer)
{
    readonly Dictionary<string, Value> names = new(StringComparer.Ordinal);

    public Value? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope.names.TryGetValue(name, out var value))
                return value;
        return null;
    }

    Scope? Outer => outer;

    public void Set(string name, Value value) => names[name] = value;
}
