namespace Dayu.Templates;

/// <summary>How a template reaches into a value: <c>a.b</c>, <c>a[b]</c>, <c>a[b:c:d]</c>, as Jinja's sandbox does.</summary>
static class Access
{
    /// <summary><c>value.name</c>: Python's attributes first, then the key.</summary>
    public static Value Attribute(Run run, Value value, string name)
    {
        if (value is UndefinedValue u)
            throw u.Error();
        return value.Attribute(name) ?? value.Item(name) ?? Missing(value, name);
    }

    /// <summary><c>value[key]</c>: the key first, then Python's attributes.</summary>
    public static Value Item(Run run, Value value, Value key)
    {
        if (value is UndefinedValue u)
            throw u.Error();
        run.Step(key.Weight + (value is TextValue ? value.Weight : 0));
        if (value is DictValue && key is SequenceValue { Kind: SequenceKind.List } or DictValue)
            return Missing(value, key.Type);                                // unhashable: Jinja takes the failure for absence
        return value.Item(key) ?? (key is TextValue t ? value.Attribute(t.Text) ?? Missing(value, t.Text) : Missing(value, run.Text(key)));
    }

    static UndefinedValue Missing(Value value, string name) =>
        new($"'{value.Type}' object has no attribute or element '{(name.Length <= 60 ? name : name[..60] + "…")}'");

    /// <summary>What a sandboxed template gets for a method that would change a value: undefined, an error once it is called.</summary>
    public static UndefinedValue Unsafe(string type, string name) =>
        new($"access to attribute '{name}' of '{type}' object is unsafe: it would change a value, which templates may not (set a namespace's attribute instead)");

    /// <summary><c>value[start:stop:step]</c>.</summary>
    public static Value Slice(Run run, Value value, Value? start, Value? stop, Value? step)
    {
        if (value is UndefinedValue u)
            throw u.Error();
        if (value is not (TextValue or SequenceValue { Kind: not SequenceKind.View }))
            throw new TemplateException($"'{value.Type}' object cannot be sliced");
        if (value is TextValue)
            run.Step(value.Weight);
        int length = value.Length!.Value, stride = Bound(step) ?? 1;
        if (stride == 0)
            throw new TemplateException("a slice's step cannot be zero");
        int low = stride < 0 ? -1 : 0, high = stride < 0 ? length - 1 : length;
        int Clamp(int? bound, int missing) => bound is not { } b ? missing : Math.Clamp(b < 0 ? b + length : b, low, high);
        int from = Clamp(Bound(start), stride < 0 ? high : low), to = Clamp(Bound(stop), stride < 0 ? low : high);
        if (value is TextValue text)
            return new TextValue(Slice(run, text.Text, from, to, stride), text.Safe);
        var list = (SequenceValue)value;
        return run.List(Indices(from, to, stride).Select(i => list.List[i]), list.Kind == SequenceKind.Tuple ? SequenceKind.Tuple : SequenceKind.List);
    }

    static int? Bound(Value? value) => value switch { null or NoneValue => null, UndefinedValue u => throw u.Error(), _ => Number.Index(value) };

    static IEnumerable<int> Indices(int from, int to, int stride)
    {
        for (long i = from; stride > 0 ? i < to : i > to; i += stride)
            yield return (int)i;
    }

    static string Slice(Run run, string text, int from, int to, int stride)
    {
        if (stride == 1)
        {
            int begin = Runes.Offset(text, from), end = Math.Max(begin, Runes.Offset(text, to));
            run.Charge(end - begin);
            return text[begin..end];
        }
        run.Charge(text.Length);
        string[] runes = [.. Runes.Split(text)];
        run.Step(runes.Length);
        return string.Concat(Indices(from, to, stride).Select(i => runes[i]));
    }
}
