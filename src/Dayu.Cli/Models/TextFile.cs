using System.Text;
using Dayu.Models;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>
/// Text in a file, or with <c>-</c> from standard input: UTF-8, or <c>.jsonl</c>, each line an object with a <c>text</c>.
/// </summary>
/// <param name="call">Who reads.</param>
/// <param name="name">The file.</param>
/// <param name="named">What named it: an option.</param>
/// <param name="key">What such an object calls its text.</param>
sealed class TextFile(CommandContext call, string name, string named, string key = "text")
{
    readonly string path = Path.Combine(call.Terminal.Folder, name);

    /// <summary>The whole text; of <c>.jsonl</c>, its texts one after another.</summary>
    /// <exception cref="InvalidDataException">It is empty, or no such file.</exception>
    public string Whole() => IsJsonl ? string.Join('\n', Lines()) : Read();

    /// <summary>Line by line; of <c>.jsonl</c>, text by text.</summary>
    /// <exception cref="InvalidDataException">It is empty, or no such file.</exception>
    public IEnumerable<string> Lines() =>
        IsJsonl ? LinesOf(Read()).Select((l, i) => (i + 1, l)).Where(l => l.l.Trim().Length > 0).Select(TextOf) : LinesOf(Read());

    /// <summary>The lines of a text; what stands behind the last line end, if nothing, is none.</summary>
    public static IEnumerable<string> LinesOf(string text)
    {
        if (text.Length == 0) return [];
        if (text.EndsWith('\n')) text = text[..^1];
        return text.Split('\n').Select(l => l.TrimEnd('\r'));
    }

    /// <summary>What the file holds, whatever it is.</summary>
    /// <exception cref="InvalidDataException">It is empty, or no such file.</exception>
    public string Raw() => Read();

    bool IsJsonl => JsonLines.Is(path);

    string Read()
    {
        if (name == StandardInput.Name) return call.ReadInput() is { Length: > 0 } piped ? piped : throw new CliError(2009);
        return Utf8Text.Decode(InputFile.Read(path, named), path) is { Length: > 0 } text ? text : throw new CliError(7004, named, path);
    }

    /// <summary>The text of a line of <c>.jsonl</c>.</summary>
    string TextOf((int Number, string Text) line)
    {
        var json = new JsonText(path, Encoding.UTF8.GetBytes(line.Text)) { FirstLine = line.Number };
        return new JsonFields(json.ParseObject(), $"{path}:{line.Number}").RequiredText(key);
    }
}
