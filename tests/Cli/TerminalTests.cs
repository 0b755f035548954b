using Dayu.Cli;
using Dayu.Text;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>What is typed, and what is drawn.</summary>
public sealed class TerminalTests
{
    static ConsoleKeyInfo Key(char c) => c switch
    {
        '<' => new('\0', ConsoleKey.LeftArrow, false, false, false),
        '>' => new('\0', ConsoleKey.RightArrow, false, false, false),
        '^' => new('\0', ConsoleKey.UpArrow, false, false, false),
        '_' => new('\0', ConsoleKey.DownArrow, false, false, false),
        '~' => new('\0', ConsoleKey.Home, false, false, false),
        '\b' => new(c, ConsoleKey.Backspace, false, false, false),
        '\n' => new('\r', ConsoleKey.Enter, false, false, false),
        < ' ' => new(c, (ConsoleKey)(c + 64), false, false, true),
        _ => new(c, 0, false, false, false),
    };

    static List<string?> Typed(string keys, int width = 40)
    {
        var (queue, lines) = (new Queue<char>(keys), new List<string?>());
        var editor = new LineEditor(() => Key(queue.Dequeue()), TextWriter.Null, () => width);
        while (queue.Count > 0) lines.Add(editor.Read("> "));
        return lines;
    }

    [Theory]
    [InlineData("abc\n", "abc"), InlineData("ac<b\n", "abc"), InlineData("你好吗<\b\n", "你吗"),
     InlineData("abc~x>\by\n", "xybc"), InlineData("one two\u0017three\n", "one three"),
     InlineData("gone\u0003here\n", "here"), InlineData("ab<<\u000Bc\n", "c"), InlineData("ab<\u0015c\n", "cb"),
     InlineData("a😀b<<\bx\n", "x😀b"), InlineData("a😀b<\bx\n", "axb"), InlineData("<<\b\b>>\n", "")]
    public void Editing(string keys, string expected) => Assert.Equal(expected, Assert.Single(Typed(keys)));

    [Fact]
    public void HistoryAndEnd() => Assert.Equal(["one", "two", "one", "two", "x", null], Typed("one\ntwo\n^^\n^^_^\n^^__x\n\u0004"));

    [Fact]
    public void LongLinesScroll()
    {
        using var screen = new StringWriter();
        var queue = new Queue<char>(new string('长', 50) + "\n");
        var line = new LineEditor(() => Key(queue.Dequeue()), screen, () => 20).Read("> ");
        Assert.Equal(50, line!.Length);
        Assert.All(screen.ToString().Split('\r'), part => Assert.InRange(CellWidth.Of(part.Replace("\e[K", "")), 0, 19));
    }

    [Theory]
    [InlineData("abc", 3), InlineData("长城", 4), InlineData("é", 1), InlineData("e\u0301", 1),
     InlineData("😀", 2), InlineData("ｱ", 1), InlineData("，。", 4), InlineData("", 0)]
    public void Columns(string text, int columns) => Assert.Equal(columns, CellWidth.Of(text));

    [Fact]
    public void TablesInEveryForm()
    {
        var table = new Table(["NAME", "N>"], [["长城", "5"], ["a|b,\"c\"", "12"]]);
        Assert.Equal("NAME      N\n长城      5\na|b,\"c\"  12\n", table.Render(Format.Table));
        Assert.Equal("NAME,N\n长城,5\n\"a|b,\"\"c\"\"\",12\n", table.Render(Format.Csv));
        Assert.Equal("| NAME | N |\n| --- | ---: |\n| 长城 | 5 |\n| a\\|b,\"c\" | 12 |\n", table.Render(Format.Md));
    }

    [Theory]
    [InlineData("a\e[31mb", "a␛[31mb"), InlineData("line\nnext\ttab", "line\nnext\ttab"),
     InlineData("\u009B5m\u007F\0", "\uFFFD5m\u2421\u2400")]
    public void ControlCharactersAreShown(string text, string shown) => Assert.Equal(shown, Visible.Of(text));

    [Theory]
    [InlineData("rnu", "run"), InlineData("qunatize", "quantize"), InlineData("xyzzy", null), InlineData("shw", "show")]
    public void DidYouMean(string word, string? meant) =>
        Assert.Equal(meant, Spelling.Closest(word, ["run", "show", "quantize", "tokenizer"]));
}
