using System.Globalization;

namespace Dayu.Templates;

/// <summary>Python's <c>str.format</c>: <c>{}</c>, <c>{0}</c>, <c>{name.attribute[key]!r:spec}</c>.</summary>
static class StrFormat
{
    public static AuthoredText Apply(Run run, AuthoredText format, Arguments arguments)
    {
        var to = new TextBuilder(run);
        int next = 0;
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
                to.Append(format, i++, 1);
            else if (c == '}')
                throw new TemplateException("format(): a single '}'");
            else if (c != '{')
                to.Append(format, i, 1);
            else
            {
                int end = Closing(format.Text, i);
                to.Append(Field(run, format.AuthorAt(i), format.Text[(i + 1)..end], arguments, ref next));
                i = end;
            }
        }
        return to.ToText();
    }

    static int Closing(string format, int open)
    {
        int depth = 0;
        for (int i = open; i < format.Length; i++)
            if (format[i] == '{')
                depth++;
            else if (format[i] == '}' && --depth == 0)
                return i;
        throw new TemplateException("format(): a '{' that is never closed");
    }

    static AuthoredText Field(Run run, Author by, string field, Arguments arguments, ref int next)
    {
        int colon = field.IndexOf(':', StringComparison.Ordinal);
        string spec = colon < 0 ? "" : field[(colon + 1)..], path = colon < 0 ? field : field[..colon];
        if (spec.Contains('{', StringComparison.Ordinal))
            throw new TemplateException("format(): a field inside a format specification");
        char conversion = path.Length >= 2 && path[^2] == '!' ? path[^1] : '\0';
        path = conversion == '\0' ? path : path[..^2];
        int rest = path.IndexOfAny(['.', '[']) is var r and >= 0 ? r : path.Length;
        string first = path[..rest];
        var value = first.Length == 0 ? At(arguments, next++) : Argument(arguments, first);
        value = Follow(run, value, path[rest..]);
        value = Converted(run, by, value, conversion);
        if (spec.Length > 0)
            return FormatSpec.Parse(spec, by).Apply(run, value);
        return value is TextValue or UndefinedValue ? run.Text(value) : run.Repr(value, by);
    }

    static Value Converted(Run run, Author by, Value value, char conversion) => conversion switch
    {
        '\0' => value,
        's' => run.Text(value),
        'r' or 'a' => run.Repr(value, by),
        _ => throw new TemplateException($"format(): unknown conversion '!{conversion}'"),
    };

    static Value Argument(Arguments arguments, string name) => Number(name) is { } index
        ? At(arguments, index)
        : arguments.Name(name) ?? throw new TemplateException($"format(): no argument '{name}'");

    static Value At(Arguments arguments, int i) => i < arguments.Positional.Count
        ? arguments.Positional[i]
        : throw new TemplateException($"format(): no argument number {i}; {arguments.Positional.Count} were given");

    static Value Follow(Run run, Value value, string path)
    {
        while (path.Length > 0)
        {
            bool item = path[0] == '[';
            int end = item ? path.IndexOf(']', StringComparison.Ordinal) : EndOfName(path);
            if (end < 0)
                throw new TemplateException("format(): a '[' that is never closed");
            string name = path[1..end];
            value = item ? Access.Item(run, value, Key(name)) : Access.Attribute(run, value, name);
            path = path[(item ? end + 1 : end)..];
        }
        return value;
    }

    static int EndOfName(string path) => path.AsSpan(1).IndexOfAny('.', '[') is var found and >= 0 ? found + 1 : path.Length;

    static Value Key(string name) => Number(name) is { } index ? index : TextValue.ByTemplate(name);

    static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
