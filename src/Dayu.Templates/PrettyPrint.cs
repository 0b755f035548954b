namespace Dayu.Templates;

/// <summary>
/// <c>pprint</c>: Python's <c>repr</c> with sorted keys, and a line for each element where it does not fit into 80
/// columns.
/// </summary>
sealed class PrettyPrint(TextBuilder to)
{
    const int Width = 80;

    public static AuthoredText Of(Run run, Value value)
    {
        var to = new TextBuilder(run);
        new PrettyPrint(to).Write(Sorted(run, value), indent: 0, behind: 0, outermost: true);
        return to.ToText();
    }

    /// <summary>The value with the keys of each dict in order.</summary>
    static Value Sorted(Run run, Value value)
    {
        Run.CheckStack();
        run.Step();
        if (value is SequenceValue { Kind: SequenceKind.List or SequenceKind.Tuple } list)
            return new SequenceValue([.. list.List.Select(item => Sorted(run, item))], list.Kind);
        if (value is not DictValue dict)
            return value;
        var entries = Sorting.By(dict.Entries, entry => new SequenceValue([TextValue.ByTemplate(Rank(entry.Key)), entry.Key],
            SequenceKind.Tuple), run, reverse: false);
        return new DictValue(new(entries.Select(e => KeyValuePair.Create(e.Key, Sorted(run, e.Value)))));
    }

    /// <summary>Keys that have no order among them are sorted by their type.</summary>
    static string Rank(Value key) => key is IntValue or FloatValue or BoolValue ? "int" : key.Type;

    /// <param name="value">What to write.</param>
    /// <param name="indent">The column it begins in.</param>
    /// <param name="behind">How many characters must still fit behind it.</param>
    /// <param name="outermost">Whether it stands in nothing else.</param>
    void Write(Value value, int indent, int behind, bool outermost = false)
    {
        Run.CheckStack();
        var shown = to.Run.Repr(value);
        if (Runes.Length(shown.Text) <= Width - indent - behind)
            to.Append(shown);
        else if (value is DictValue { Entries.Count: > 0 } dict)
            Entries(dict, indent, behind);
        else if (value is SequenceValue { Kind: SequenceKind.List, List.Count: > 0 } list)
            Items(list.List, "[", "]", indent, behind);
        else if (value is SequenceValue { Kind: SequenceKind.Tuple, List.Count: > 0 } tuple)
            Items(tuple.List, "(", tuple.List.Count == 1 ? ",)" : ")", indent, behind);
        else if (value is TextValue { Safe: false, Truth: true } text)
            Text(text.Authored, indent + (outermost ? 1 : 0), behind + (outermost ? 1 : 0), outermost);
        else
            to.Append(shown);
    }

    void Items(IReadOnlyList<Value> items, string open, string close, int indent, int behind)
    {
        to.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            NewLine(indent + 1, first: i == 0, ",");
            Write(items[i], indent + 1, i == items.Count - 1 ? behind + close.Length : 1);
        }
        to.Append(close);
    }

    void Entries(DictValue dict, int indent, int behind)
    {
        to.Append("{");
        int i = 0;
        foreach (var (key, value) in dict.Entries)
        {
            NewLine(indent + 1, first: i++ == 0, ",");
            var shown = to.Run.Repr(key);
            to.Append(shown).Append(": ");
            Write(value, indent + 1 + Runes.Length(shown.Text) + 2, i == dict.Entries.Count ? behind + 1 : 1);
        }
        to.Append("}");
    }

    /// <summary>A long string in parts, one behind another: Python reads them as one.</summary>
    void Text(AuthoredText text, int indent, int behind, bool outermost)
    {
        var parts = Parts(text, Width - indent, behind);
        bool brackets = outermost && parts.Count > 1;
        to.Append(brackets ? "(" : "");
        for (int i = 0; i < parts.Count; i++)
        {
            NewLine(indent, first: i == 0, "");
            Repr.Text(to, parts[i]);
        }
        to.Append(brackets ? ")" : "");
    }

    List<AuthoredText> Parts(AuthoredText text, int width, int behind)
    {
        var parts = new List<AuthoredText>();
        var lines = ((SequenceValue)TextSplitting.Lines(to.Run, text, keepEnds: true)).List;
        for (int i = 0; i < lines.Count; i++)
        {
            var line = ((TextValue)lines[i]).Authored;
            bool last = i == lines.Count - 1;
            if (Shown(line) <= width - (last ? behind : 0))
                parts.Add(line);
            else
                parts.AddRange(Words(line, width, last ? behind : 0));
        }
        return parts;
    }

    /// <summary>As many words as fit, with the white space behind them, again and again.</summary>
    IEnumerable<AuthoredText> Words(AuthoredText line, int width, int behind)
    {
        int start = 0;
        for (int end = 0, next; end < line.Length; end = next)
        {
            for (next = end; next < line.Length && !Runes.IsSpace(line[next]);)
                next++;
            while (next < line.Length && Runes.IsSpace(line[next]))
                next++;
            if (end > start && Shown(line[start..next]) > width - (next == line.Length ? behind : 0))
            {
                yield return line[start..end];
                start = end;
            }
        }
        yield return line[start..];
    }

    int Shown(AuthoredText text) => Runes.Length(to.Run.Repr(text).Text);

    void NewLine(int indent, bool first, string separator)
    {
        if (!first)
            to.Append(separator).Append("\n").Append(' ', Author.Template, indent);
    }
}
