using System.Text;

namespace Dayu.Training;

/// <summary>
/// A record of RFC 4180, line by line: fields between delimiters; one in quotation marks may hold delimiters, ends of lines and, doubled,
/// quotation marks.
/// </summary>
sealed class CsvRecord(char delimiter, int most)
{
    readonly StringBuilder field = new();
    long length;

    /// <summary>The fields so far.</summary>
    public List<string> Fields { get; } = [];

    /// <summary>Whether a field goes on in the next line.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>What is wrong with it; null: nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>Begins a record.</summary>
    public void Begin(string line)
    {
        Fields.Clear();
        field.Clear();
        (length, Fault) = (line.Length, null);
        Go(line, 0);
    }

    /// <summary>Goes on inside quotation marks.</summary>
    public void Continue(string line)
    {
        length += line.Length + 1;
        // One that is too long is followed to its end, so that the next begins where it should, but not kept.
        if (length > most) Fault ??= $"it has more than {most:N0} characters, which are read at most";
        if (Fault is null) field.Append('\n');
        else field.Clear();
        Go(line, InQuotes(line, 0));
    }

    void Go(string line, int at)
    {
        while (at <= line.Length && !IsOpen | at < line.Length)
        {
            if (at < line.Length && line[at] == '"')
            {
                at = InQuotes(line, at + 1);
                continue;
            }
            var end = line.IndexOf(delimiter, at) is var i && i < 0 ? line.Length : i;
            if (Fault is null) field.Append(line, at, end - at);
            at = EndField(end);
        }
    }

    /// <summary>Reads to the closing mark and the delimiter behind it; where the next field begins.</summary>
    int InQuotes(string line, int at)
    {
        IsOpen = true;
        while (line.IndexOf('"', at) is var end && end >= 0)
        {
            if (Fault is null) field.Append(line, at, end - at);
            at = end + 1;
            if (at < line.Length && line[at] == '"')
            {
                if (Fault is null) field.Append('"');
                at++;
                continue;
            }
            IsOpen = false;
            if (at == line.Length || line[at] == delimiter) return EndField(at);
            Fault ??= $"after a closing quotation mark comes '{line[at]}'; expected the delimiter, or the mark doubled";
            return line.Length + 1;
        }
        if (Fault is null) field.Append(line, at, line.Length - at);
        return line.Length + 1;
    }

    int EndField(int end)
    {
        Fields.Add(field.ToString());
        field.Clear();
        return end + 1;
    }
}
