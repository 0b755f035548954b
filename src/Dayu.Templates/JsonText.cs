using System.Numerics;

namespace Dayu.Templates;

/// <summary>
/// Writes values as Python's <c>json.dumps</c> does, with the defaults of Transformers' <c>tojson</c>: spaces after
/// separators, characters as they are. An escape is by the author of the character it stands for.
/// </summary>
sealed class JsonText(
    TextBuilder to, bool ensureAscii, AuthoredText? indent, AuthoredText itemSeparator, AuthoredText keySeparator, bool sortKeys)
{
    int level;

    public void Write(Value value)
    {
        Run.CheckStack();
        to.Run.Step();
        switch (value)
        {
            case NoneValue: to.Append("null"); break;
            case BoolValue b: to.Append(b.Truth ? "true" : "false"); break;
            case IntValue: value.Show(to); break;
            case FloatValue f: to.Append(Float(f.Value)); break;
            case TextValue t: String(t.Authored); break;
            case SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } s: Items("[", s.List, Write, "]"); break;
            case DictValue d: Items("{", Sorted(d), Entry, "}"); break;
            default:
                string hint = value is GeneratorValue ? "; put |list before |tojson" : "";
                throw new TemplateException($"Object of type {value.Type} is not JSON serializable{hint}");
        }
    }

    static string Float(double value)
    {
        if (double.IsFinite(value))
            return Number.Show(value);
        return double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }

    IReadOnlyList<KeyValuePair<Value, Value>> Sorted(DictValue dict) =>
        sortKeys ? Sorting.By(dict.Entries, entry => entry.Key, to.Run, reverse: false) : [.. dict.Entries];

    void Items<T>(string open, IReadOnlyList<T> items, Action<T> write, string close)
    {
        to.Append(open);
        level++;
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
                to.Append(itemSeparator);
            NewLine();
            write(items[i]);
        }
        level--;
        if (items.Count > 0)
            NewLine();
        to.Append(close);
    }

    void NewLine()
    {
        if (indent is null)
            return;
        to.Append('\n').Repeat(indent, level);
    }

    void Entry(KeyValuePair<Value, Value> entry)
    {
        String(entry.Key switch
        {
            TextValue t => t.Authored,
            NoneValue => AuthoredText.ByTemplate("null"),
            BoolValue b => AuthoredText.ByTemplate(b.Truth ? "true" : "false"),
            FloatValue f => AuthoredText.ByTemplate(Float(f.Value)),
            IntValue => to.Run.Text(entry.Key),
            var key => throw new TemplateException($"keys of JSON must be str, int, float, bool or None, not {key.Type}"),
        });
        to.Append(keySeparator);
        Write(entry.Value);
    }

    void String(AuthoredText text)
    {
        to.Append('"');
        int done = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c >= ' ' && c != '"' && c != '\\' && !(ensureAscii && c > '~'))
                continue;
            to.Append(text, done, i - done).Append(Escape(c), text.AuthorAt(i));
            done = i + 1;
        }
        to.Append(text, done, text.Length - done).Append('"');
    }

    static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        '\x7f' => "\x7f",
        _ => $"\\u{(int)c:x4}",
    };
}
