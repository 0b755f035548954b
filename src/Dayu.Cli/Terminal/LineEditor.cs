using System.Text;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// A line typed at a terminal: arrows, home and end, words, history; characters of two columns count as two. A line that is longer
/// than the window scrolls sideways. Ctrl-C empties the line, Ctrl-D on an empty one ends.
/// </summary>
/// <param name="keys">Keys as they are pressed.</param>
/// <param name="screen">Where the line is drawn.</param>
/// <param name="width">Columns of the window.</param>
sealed class LineEditor(Func<ConsoleKeyInfo> keys, TextWriter screen, Func<int> width)
{
    readonly List<string> history = [];
    readonly List<Rune> line = [];
    int cursor, shown;                                               // where keys write; the entry of the history, counted from its end
    char high;                                                       // the first half of a character that comes as two keys

    /// <summary>Reads a line; null: the end.</summary>
    public string? Read(string prompt)
    {
        line.Clear();
        (cursor, shown) = (0, 0);
        while (true)
        {
            Draw(prompt);
            var key = keys();
            if (key.Key == ConsoleKey.Enter) break;
            if (key is { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } && line.Count == 0) { screen.Write("\n"); return null; }
            Press(key);
        }
        screen.Write("\n");
        var text = Text(line);
        if (text.Length > 0 && (history.Count == 0 || history[^1] != text)) history.Add(text);
        return text;
    }

    void Press(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow: cursor = control ? WordBefore() : Math.Max(0, cursor - 1); break;
            case ConsoleKey.RightArrow: cursor = control ? WordAfter() : Math.Min(line.Count, cursor + 1); break;
            case ConsoleKey.Home or ConsoleKey.A when key.Key == ConsoleKey.Home || control: cursor = 0; break;
            case ConsoleKey.End or ConsoleKey.E when key.Key == ConsoleKey.End || control: cursor = line.Count; break;
            case ConsoleKey.Backspace: Remove(Math.Max(0, cursor - 1), cursor); break;
            case ConsoleKey.Delete: Remove(cursor, Math.Min(line.Count, cursor + 1)); break;
            case ConsoleKey.D when control: Remove(cursor, Math.Min(line.Count, cursor + 1)); break;
            case ConsoleKey.C when control: Remove(0, line.Count); break;
            case ConsoleKey.U when control: Remove(0, cursor); break;
            case ConsoleKey.K when control: Remove(cursor, line.Count); break;
            case ConsoleKey.W when control: Remove(WordBefore(), cursor); break;
            case ConsoleKey.UpArrow: Recall(shown + 1); break;
            case ConsoleKey.DownArrow: Recall(shown - 1); break;
            default: Type(key.KeyChar); break;
        }
    }

    void Type(char c)
    {
        if (char.IsHighSurrogate(c)) { high = c; return; }
        if (char.IsControl(c) && c != '\t') return;
        if (c == '\t') c = ' ';
        if (Rune.TryCreate(c, out var rune) || Rune.TryCreate(high, c, out rune)) line.Insert(cursor++, rune);
    }

    void Remove(int from, int to)
    {
        line.RemoveRange(from, to - from);
        cursor = from;
    }

    int WordBefore()
    {
        var at = cursor;
        while (at > 0 && Rune.IsWhiteSpace(line[at - 1])) at--;
        while (at > 0 && !Rune.IsWhiteSpace(line[at - 1])) at--;
        return at;
    }

    int WordAfter()
    {
        var at = cursor;
        while (at < line.Count && Rune.IsWhiteSpace(line[at])) at++;
        while (at < line.Count && !Rune.IsWhiteSpace(line[at])) at++;
        return at;
    }

    void Recall(int entry)
    {
        if (entry < 0 || entry > history.Count) return;
        shown = entry;
        line.Clear();
        if (entry > 0) line.AddRange(history[^entry].EnumerateRunes());
        cursor = line.Count;
    }

    void Draw(string prompt)
    {
        var room = Math.Max(8, width() - CellWidth.Of(prompt) - 1);
        var (first, before) = (cursor, 0);                           // the window shows from here; columns before the cursor
        while (first > 0 && before + CellWidth.Of(line[first - 1]) <= room) before += CellWidth.Of(line[--first]);
        var (last, columns) = (first, 0);
        while (last < line.Count && columns + CellWidth.Of(line[last]) <= room) columns += CellWidth.Of(line[last++]);
        screen.Write($"\r{prompt}{Text(line.GetRange(first, last - first))}\e[K\r\e[{CellWidth.Of(prompt) + before}C");
    }

    static string Text(List<Rune> runes) => string.Concat(runes.Select(r => r.ToString()));
}
