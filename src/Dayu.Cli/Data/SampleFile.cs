using System.Text;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>A file of lines that is gone on with where it was left: what stands behind its last line end is cut off.</summary>
sealed class SampleFile : IDisposable
{
    readonly FileStream stream;

    SampleFile(FileStream stream) => this.stream = stream;

    /// <summary>Lines that are there.</summary>
    public int Lines { get; private set; }

    /// <summary>The last of them; null: there is none.</summary>
    public JsonObject? Last { get; private init; }

    /// <summary>Opens it, or makes it.</summary>
    /// <param name="path">Where.</param>
    /// <exception cref="InvalidDataException">Its last line is no JSON object.</exception>
    public static SampleFile Open(string path)
    {
        WholeFile.CheckPlace(path);
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var (lines, last, end) = Read(stream);
            var json = lines == 0 ? null : new JsonText(path, last) { FirstLine = lines }.ParseObject();
            stream.SetLength(end);
            stream.Position = end;
            return new(stream) { Lines = lines, Last = json };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Writes a line, there for whoever reads the file now.</summary>
    public void Write(JsonObject line)
    {
        stream.Write(Encoding.UTF8.GetBytes(line.ToJsonString(Output.Legible) + "\n"));
        stream.Flush();
        Lines++;
    }

    /// <summary>How many whole lines there are, the last of them, and where it ends.</summary>
    static (int Lines, byte[] Last, long End) Read(FileStream stream)
    {
        var (buffer, line, last) = (new byte[1 << 16], new MemoryStream(), Array.Empty<byte>());
        var (lines, end, at) = (0, 0L, 0L);
        for (int n; (n = stream.Read(buffer)) > 0; at += n)
            for (int from = 0, to; from < n; from = to)
            {
                to = Array.IndexOf(buffer, (byte)'\n', from, n - from) is >= 0 and var found ? found + 1 : n;
                line.Write(buffer, from, to - from);
                if (buffer[to - 1] != '\n') continue;
                (lines, end, last) = (lines + 1, at + to, line.ToArray());
                line.SetLength(0);
            }
        return (lines, last, end);
    }

    public void Dispose() => stream.Dispose();
}
