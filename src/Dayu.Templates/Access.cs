namespace Dayu.Templates;

/// <summary>How a template reaches into a value: <c>a.b</c>, <c>a[b]</c>, as Jinja's sandbox does.</summary>
static class Access
{
    const int ShownName = 60;

    /// <summary><c>value.name</c>: Python's attributes first, then the key.</summary>
    public static Value Attribute(Run run, Value value, string name)
    {
        if (value is UndefinedValue u)
            throw u.Error();
        return value.Attribute(name) ?? value.Item(TextValue.ByTemplate(name)) ?? Missing(value, name);
    }

    /// <summary><c>value[key]</c>: the key first, then Python's attributes.</summary>
    public static Value Item(Run run, Value value, Value key)
    {
        if (value is UndefinedValue u)
            throw u.Error();
        run.Step(key.Weight + (value is TextValue ? value.Weight : 0));
        if (value is DictValue && key is SequenceValue { Kind: SequenceKind.List } or DictValue)
            return Missing(value, key.Type);                                // unhashable: Jinja takes the failure for absence
        if (value.Item(key) is { } item)
            return item;
        return key is TextValue t ? value.Attribute(t.Text) ?? Missing(value, t.Text) : Missing(value, run.Text(key).Text);
    }

    static UndefinedValue Missing(Value value, string name) =>
        new($"'{value.Type}' object has no attribute or element '{(name.Length <= ShownName ? name : name[..ShownName] + "…")}'");

    /// <summary>
    /// What a sandboxed template gets for a method that would change a value: undefined, an error once it is called.
    /// </summary>
    public static UndefinedValue Unsafe(string type, string name) =>
        new($"access to attribute '{name}' of '{type}' object is unsafe: "
            + "it would change a value, which templates may not (set a namespace's attribute instead)");
}
