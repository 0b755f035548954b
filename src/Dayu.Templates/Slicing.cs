namespace Dayu.Templates;

/// <summary><c>value[start:stop:step]</c>, with Python's meaning.</summary>
static class Slicing
{
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
        int from = Clamp(start, stride < 0 ? high : low), to = Clamp(stop, stride < 0 ? low : high);
        if (value is TextValue text)
            return new TextValue(Slice(run, text.Authored, from, to, stride), text.Safe);
        var list = (SequenceValue)value;
        var kind = list.Kind == SequenceKind.Tuple ? SequenceKind.Tuple : SequenceKind.List;
        return run.List(Indices(from, to, stride).Select(i => list.List[i]), kind);

        int Clamp(Value? bound, int missing) => Bound(bound) is not { } b ? missing : Math.Clamp(b < 0 ? b + length : b, low, high);
    }

    static int? Bound(Value? value) =>
        value switch { null or NoneValue => null, UndefinedValue u => throw u.Error(), _ => Number.Index(value) };

    static IEnumerable<int> Indices(int from, int to, int stride)
    {
        for (long i = from; stride > 0 ? i < to : i > to; i += stride)
            yield return (int)i;
    }

    static AuthoredText Slice(Run run, AuthoredText text, int from, int to, int stride)
    {
        if (stride == 1)
        {
            int begin = Runes.Offset(text.Text, from), end = Math.Max(begin, Runes.Offset(text.Text, to));
            var part = text[begin..end];
            run.Charge(part.Size);
            return part;
        }
        run.Charge(text.Size);
        AuthoredText[] runes = [.. Runes.Split(text)];
        run.Step(runes.Length);
        var result = new TextBuilder(run);
        foreach (int i in Indices(from, to, stride))
            result.Append(runes[i]);
        return result.ToText();
    }
}
