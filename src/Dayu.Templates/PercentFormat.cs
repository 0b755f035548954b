namespace Dayu.Templates;

/// <summary>Python's <c>format % values</c>: <c>%[(name)][flags][width][.precision]type</c>.</summary>
static class PercentFormat
{
    public static string Apply(Run run, string format, Value values)
    {
        var to = new TextBuilder(run);
        var queue = values is SequenceValue { Kind: SequenceKind.Tuple } tuple ? tuple.List : [values];
        int next = 0, i = 0;
        Value Next() => next < queue.Count ? queue[next++] : throw new TemplateException("not enough arguments for the format string");
        char Peek() => i < format.Length ? format[i] : throw new TemplateException("the format string ends within a '%'");
        int Size()
        {
            if (Peek() == '*')
            {
                i++;
                return Number.Index(Next());
            }
            int start = i;
            while (char.IsAsciiDigit(Peek()))
                i++;
            return i == start ? 0 : int.TryParse(format.AsSpan(start, i - start), out int n) ? n : throw new TemplateException("a width of too many digits in a format string");
        }
        while (i < format.Length)
        {
            if (format[i] != '%')
            {
                to.Append(format[i++]);
                continue;
            }
            i++;
            Value? named = null;
            if (Peek() == '(')
            {
                int close = format.IndexOf(')', i);
                if (close < 0)
                    throw new TemplateException("a '%(' without ')' in a format string");
                named = Access.Item(run, values, format[(i + 1)..close]);
                (i, next) = (close + 1, queue.Count);
            }
            int flags = i;
            while (Peek() is '-' or '+' or ' ' or '0' or '#')
                i++;
            string flag = format[flags..i];
            int width = Size(), precision = -1;
            if (Peek() == '.')
            {
                i++;
                precision = Size();
            }
            char type = Peek();
            i++;
            to.Append(type == '%' ? "%" : One(run, named ?? Next(), flag, width, precision, type));
        }
        if (next < queue.Count && values is not (DictValue or SequenceValue { Kind: SequenceKind.List }))
            throw new TemplateException("not all arguments converted during string formatting");
        return to.ToString();
    }

    static string One(Run run, Value value, string flags, int width, int precision, char type)
    {
        if (type == 'r')
        {
            var repr = new TextBuilder(run);
            value.Show(repr);
            (value, type) = (repr.ToString(), 's');
        }
        bool left = flags.Contains('-', StringComparison.Ordinal) || width < 0, number = type is not ('s' or 'c');
        if (type == 's')
            value = run.Text(value);
        if (type is 'd' or 'i' or 'u' && value is FloatValue f && double.IsFinite(f.Value))
            value = new System.Numerics.BigInteger(Math.Truncate(f.Value));
        bool zero = number && !left && flags.Contains('0', StringComparison.Ordinal);
        char sign = flags.Contains('+', StringComparison.Ordinal) ? '+' : flags.Contains(' ', StringComparison.Ordinal) ? ' ' : '-';
        var spec = new FormatSpec(zero ? "0" : " ", left ? '<' : zero ? '=' : '>', sign, flags.Contains('#', StringComparison.Ordinal), Math.Abs(width), '\0',
            type is 'd' or 'i' or 'u' ? -1 : precision, type is 'i' or 'u' ? 'd' : type);
        return type is 's' or 'd' or 'i' or 'u' or 'f' or 'F' or 'e' or 'E' or 'g' or 'G' or 'x' or 'X' or 'o' or 'c' ? spec.Apply(run, value)
            : throw new TemplateException($"'%{type}' in a format string is not understood");
    }
}
