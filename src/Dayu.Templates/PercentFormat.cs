using System.Numerics;

namespace Dayu.Templates;

/// <summary>Python's <c>format % values</c>: <c>%[(name)][flags][width][.precision]type</c>.</summary>
sealed class PercentFormat
{
    readonly Run run;
    readonly AuthoredText format;
    readonly Value values;
    readonly IReadOnlyList<Value> queue;
    int at, next;

    PercentFormat(Run run, AuthoredText format, Value values)
    {
        (this.run, this.format, this.values) = (run, format, values);
        queue = values is SequenceValue { Kind: SequenceKind.Tuple } tuple ? tuple.List : [values];
    }

    public static AuthoredText Apply(Run run, AuthoredText format, Value values) => new PercentFormat(run, format, values).Apply();

    AuthoredText Apply()
    {
        var to = new TextBuilder(run);
        while (at < format.Length)
        {
            int percent = format.Text.IndexOf('%', at);
            int end = percent < 0 ? format.Length : percent;
            to.Append(format, at, end - at);
            at = end;
            if (percent >= 0)
                to.Append(Field());
        }
        if (next < queue.Count && values is not (DictValue or SequenceValue { Kind: SequenceKind.List }))
            throw new TemplateException("not all arguments converted during string formatting");
        return to.ToText();
    }

    /// <summary>The field that begins at the percent sign here: what stands in its place.</summary>
    AuthoredText Field()
    {
        var by = format.AuthorAt(at++);
        Value? named = null;
        if (Peek() == '(')
        {
            int close = format.Text.IndexOf(')', at);
            if (close < 0)
                throw new TemplateException("a '%(' without ')' in a format string");
            named = Access.Item(run, values, format[(at + 1)..close]);
            (at, next) = (close + 1, queue.Count);
        }
        int flags = at;
        while (Peek() is '-' or '+' or ' ' or '0' or '#')
            at++;
        string flag = format.Text[flags..at];
        int width = Size(), precision = -1;
        if (Peek() == '.')
        {
            at++;
            precision = Size();
        }
        char type = Peek();
        at++;
        return type == '%' ? new("%", by) : One(by, named ?? Next(), flag, width, precision, type);
    }

    Value Next() => next < queue.Count ? queue[next++] : throw new TemplateException("not enough arguments for the format string");

    char Peek() => at < format.Length ? format[at] : throw new TemplateException("the format string ends within a '%'");

    int Size()
    {
        if (Peek() == '*')
        {
            at++;
            return Number.Index(Next());
        }
        int start = at;
        while (char.IsAsciiDigit(Peek()))
            at++;
        if (at == start)
            return 0;
        return int.TryParse(format.Text.AsSpan(start, at - start), out int n)
            ? n
            : throw new TemplateException("a width of too many digits in a format string");
    }

    AuthoredText One(Author by, Value value, string flags, int width, int precision, char type)
    {
        if (type == 'r')
            (value, type) = (run.Repr(value, by), 's');
        if (type == 's')
            value = run.Text(value);
        if (type is 'd' or 'i' or 'u' && value is FloatValue f && double.IsFinite(f.Value))
            value = new BigInteger(Math.Truncate(f.Value));
        if (type is not ('s' or 'd' or 'i' or 'u' or 'f' or 'F' or 'e' or 'E' or 'g' or 'G' or 'x' or 'X' or 'o' or 'c'))
            throw new TemplateException($"'%{type}' in a format string is not understood");
        bool left = Has('-') || width < 0, zero = type is not ('s' or 'c') && !left && Has('0');
        var spec = new FormatSpec(
            by,
            Fill: zero ? "0" : " ",
            Align: left ? '<' : zero ? '=' : '>',
            Sign: Has('+') ? '+' : Has(' ') ? ' ' : '-',
            Alternate: Has('#'),
            Width: Math.Abs(width),
            Grouping: '\0',
            Precision: type is 'd' or 'i' or 'u' ? -1 : precision,
            Type: type is 'i' or 'u' ? 'd' : type);
        return spec.Apply(run, value);

        bool Has(char flag) => flags.Contains(flag, StringComparison.Ordinal);
    }
}
