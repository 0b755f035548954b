using System.Globalization;
using System.Numerics;

namespace Dayu.Templates;

/// <summary>
/// Reads JSON as Python's <c>json.loads</c> does: NaN and Infinity are numbers, of a key given twice the last counts,
/// whole numbers may be large. Each character of a string keeps its author. An error says the line, the column and the
/// key.
/// </summary>
sealed class JsonParser
{
    const int MaxDepth = 150, MaxDigits = 4300, ShownPath = 100;

    readonly Run run;
    readonly AuthoredText text;
    readonly string json, source;
    readonly List<string> path = [];
    int at;

    JsonParser(Run run, AuthoredText text, string source) => (this.run, this.text, json, this.source) = (run, text, text.Text, source);

    /// <param name="run">Pays for it.</param>
    /// <param name="text">The JSON.</param>
    /// <param name="source">What errors call it.</param>
    public static Value Parse(Run run, AuthoredText text, string source)
    {
        var parser = new JsonParser(run, text, source);
        var value = parser.Value();
        parser.Peek();
        return parser.at == text.Length ? value : throw parser.Expected("nothing behind the value");
    }

    Value Value()
    {
        Run.CheckStack();
        if (path.Count > MaxDepth)
            throw Error($"nested more than {MaxDepth} levels deep");
        switch (Peek())
        {
            case '{': return Dict();
            case '[': return List();
            case '"': return String();
            case 't' when Take("true"): return true;
            case 'f' when Take("false"): return false;
            case 'n' when Take("null"): return NoneValue.None;
            case 'N' when Take("NaN"): return double.NaN;
            case 'I' when Take("Infinity"): return double.PositiveInfinity;
            case '-' when Take("-Infinity"): return double.NegativeInfinity;
            case '-' or (>= '0' and <= '9'): return Number();
            default: throw Expected("a value");
        }
    }

    DictValue Dict()
    {
        var entries = new OrderedDictionary<Value, Value>();
        at++;
        path.Add("");
        while (!TakeEnd('}', entries.Count == 0))
        {
            if (Peek() != '"')
                throw Expected("a key in double quotes");
            var key = String();
            path[^1] = $"\"{key.Text}\"";
            if (Peek() != ':')
                throw Expected("':' behind a key");
            at++;
            entries[key] = Value();
        }
        path.RemoveAt(path.Count - 1);
        return new(entries);
    }

    SequenceValue List()
    {
        var items = new List<Value>();
        at++;
        path.Add("[0]");
        while (!TakeEnd(']', items.Count == 0))
        {
            path[^1] = $"[{items.Count}]";
            items.Add(Value());
        }
        path.RemoveAt(path.Count - 1);
        return new(items);
    }

    /// <summary>Whether a list or dict is over; else takes the comma before the next element.</summary>
    bool TakeEnd(char close, bool first)
    {
        char next = Peek();
        if (next == close || !first && next == ',')
            at++;
        else if (!first)
            throw Expected($"',' or '{close}'");
        return next == close;
    }

    TextValue String()
    {
        int start = ++at, done = start;
        TextBuilder? to = null;
        for (; at < json.Length && json[at] != '"'; at++)
        {
            if (json[at] < ' ')
                throw Expected("'\"' before the end of the line, or an escape such as \\n");
            if (json[at] != '\\')
                continue;
            (to ??= new(run)).Append(text, done, at - done);
            int escape = at;
            char c = Escaped();
            to.Append(c, AuthorOf(escape, at));
            done = at + 1;
        }
        if (at == json.Length)
            throw Expected("'\"' at the end of a string");
        at++;
        return new(to is null ? text.Slice(start, at - 1 - start) : to.Append(text, done, at - 1 - done).ToText());
    }

    /// <summary>
    /// The character that the escape here stands for; its last character is where the parser is then.
    /// </summary>
    char Escaped()
    {
        at++;
        char c = at < json.Length ? json[at] : '\0';
        if (c != 'u')
            return c switch
            {
                '"' or '\\' or '/' => c, 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t',
                _ => throw Expected("an escape such as \\n or \\u00e4 behind '\\'"),
            };
        var hex = json.AsSpan(at + 1, Math.Min(4, json.Length - at - 1));
        if (hex.Length < 4 || !ushort.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            throw Expected("four hexadecimal digits behind \\u");
        at += 4;
        return (char)code;
    }

    /// <summary>Whose an escape is: the template's only where it wrote all of it.</summary>
    Author AuthorOf(int first, int last) =>
        text.RunAt(first) == text.RunAt(last) ? text.AuthorAt(first) : Author.User;

    Value Number()
    {
        int start = at;
        at += json[at] == '-' ? 1 : 0;
        if (At() == '0')
            at++;
        else
            Digits();
        int whole = at;
        if (At() == '.')
            Digits(skip: 1);
        if (At() is 'e' or 'E')
            Digits(skip: at + 1 < json.Length && json[at + 1] is '+' or '-' ? 2 : 1);
        var number = json.AsSpan(start, at - start);
        if (at > whole)
            return double.Parse(number, CultureInfo.InvariantCulture);
        return number.Length <= MaxDigits
            ? BigInteger.Parse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : throw Error($"an integer of more than {MaxDigits} digits");
    }

    void Digits(int skip = 0)
    {
        at += skip;
        int start = at;
        while (char.IsAsciiDigit(At()))
            at++;
        if (at == start)
            throw Expected("a digit");
    }

    char At() => at < json.Length ? json[at] : '\0';

    /// <summary>The next character that is no white space; NUL at the end.</summary>
    char Peek()
    {
        while (At() is ' ' or '\t' or '\n' or '\r')
            at++;
        return At();
    }

    bool Take(string word)
    {
        bool matches = string.CompareOrdinal(json, at, word, 0, word.Length) == 0;
        at += matches ? word.Length : 0;
        return matches;
    }

    TemplateException Expected(string what)
    {
        string found = at >= json.Length ? "the text ends" : At() is '\n' or '\r' ? "the line ends"
            : char.IsControl(At()) ? "a control character stands" : $"'{At()}' stands";
        return Error($"{found} where JSON has {what}");
    }

    TemplateException Error(string message)
    {
        var before = json.AsSpan(0, Math.Min(at, json.Length));
        int line = before.Count('\n') + 1, column = before.Length - before.LastIndexOf('\n');
        string where = string.Concat(path.Select((key, i) => i > 0 && key.StartsWith('"') ? "." + key : key));
        where = where.Length == 0 ? "" : $" (at {(where.Length <= ShownPath ? where : where[..ShownPath] + "…")})";
        return new($"{source}: line {line}, column {column}: {message}{where}");
    }
}
