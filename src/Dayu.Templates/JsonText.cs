using System.Numerics;

namespace Dayu.Templates;

/// <summary>Writes values as Python's <c>json.dumps</c> does, with the defaults of Transformers' <c>tojson</c>: spaces after separators, characters as they are.</summary>
sealed class JsonText(TextBuilder to, bool ensureAscii, string? indent, string itemSeparator, string keySeparator, bool sortKeys)
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
            case TextValue t: String(t.Text); break;
            case SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } s: Items("[", s.List, Write, "]"); break;
            case DictValue d: Items("{", Sorted(d), Entry, "}"); break;
            default: throw new TemplateException($"Object of type {value.Type} is not JSON serializable{(value is GeneratorValue ? "; put |list before |tojson" : "")}");
        }
    }

    static string Float(double value) => double.IsFinite(value) ? Number.Show(value) : double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    IReadOnlyList<KeyValuePair<Value, Value>> Sorted(DictValue dict) =>
        sortKeys ? Sorting.By(dict.Entries, entry => entry.Key, to.Run, reverse: false) : [.. dict.Entries];

    void Items<T>(string open, IReadOnlyList<T> items, Action<T> write, string close)
    {
        to.Append(open);
        level++;
        for (int i = 0; i < items.Count; i++)
        {
            to.Append(i == 0 ? "" : itemSeparator);
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
        to.Append('\n');
        for (int i = 0; i < level; i++)
            to.Append(indent);
    }

    void Entry(KeyValuePair<Value, Value> entry)
    {
        String(entry.Key switch
        {
            TextValue t => t.Text,
            NoneValue => "null",
            BoolValue b => b.Truth ? "true" : "false",
            FloatValue f => Float(f.Value),
            IntValue => to.Run.Text(entry.Key),
            var key => throw new TemplateException($"keys of JSON must be str, int, float, bool or None, not {key.Type}"),
        });
        to.Append(keySeparator);
        Write(entry.Value);
    }

    void String(string text)
    {
        to.Append('"');
        int done = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c >= ' ' && c != '"' && c != '\\' && !(ensureAscii && c > '~'))
                continue;
            to.Append(text.AsSpan(done, i - done)).Append(c switch
            {
                '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '\b' => "\\b", '\f' => "\\f",
                '\x7f' => "\x7f",
                _ => $"\\u{(int)c:x4}",
            });
            done = i + 1;
        }
        to.Append(text.AsSpan(done)).Append('"');
    }
}
