using System.Text;
using Dayu.Models;
using Dayu.Text;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>
/// Texts of files that may be larger than memory, read block by block: UTF-8, or <c>.jsonl</c> with a <c>text</c> in each
/// line; either may be packed (<c>.gz</c>, <c>.zst</c>).
/// </summary>
/// <param name="call">Who reads.</param>
/// <param name="names">The files.</param>
/// <param name="named">What named them.</param>
sealed class TextBlocks(CommandContext call, IReadOnlyList<string> names, string named)
{
    const int Size = 1 << 20;                                        // bytes of a block
    const int LargestText = 1 << 26;                                 // bytes that are looked through for a place to cut

    readonly string[] paths = [.. names.SelectMany(n => Files(Path.Combine(call.Terminal.Folder, n)))];

    /// <summary>A file; of a folder that <c>data prepare</c> made, the files of documents that are not held out.</summary>
    static IEnumerable<string> Files(string path) =>
        PreparedCorpus.Open(path) is { } corpus ? corpus.Files.Where(f => !f.IsHeld).Select(corpus.PathOf) : [path];

    /// <summary>Whether all files are there, and have something in them.</summary>
    /// <exception cref="CliError">One is not, or has not.</exception>
    public void Check()
    {
        foreach (var path in paths)
        {
            InputFile.CheckFile(path, named);
            if (new FileInfo(path).Length == 0) throw new CliError(7004, named, path);
        }
    }

    /// <summary>The texts, in the order of the files.</summary>
    /// <param name="read">Told how many bytes of the files were read, of how many.</param>
    public IEnumerable<Utf8Texts> Read(Action<long, long>? read = null)
    {
        long before = 0, all = paths.Sum(p => new FileInfo(p).Length);
        foreach (var path in paths)
        {
            using var file = File.OpenRead(path);
            using var unpacked = Packing.Open(file, path);
            foreach (var block in Blocks(unpacked, path))
            {
                read?.Invoke(before + file.Position, all);
                yield return block;
            }
            before += file.Length;
        }
    }

    IEnumerable<Utf8Texts> Blocks(Stream stream, string path)
    {
        var (buffer, isJsonl) = (new byte[Size], JsonLines.Is(path));
        var (count, line, isAtEnd) = (0, 1, false);
        for (long offset = 0; !isAtEnd;)
        {
            count += stream.ReadAtLeast(buffer.AsSpan(count), buffer.Length - count, throwOnEndOfStream: false);
            isAtEnd = count < buffer.Length;
            if (count == 0 && offset == 0) throw new CliError(7004, named, path);
            var cut = isAtEnd ? count : isJsonl ? Array.LastIndexOf(buffer, (byte)'\n') + 1 : SafeCut.Last(buffer);
            if (cut == 0 && !isAtEnd && (isJsonl || buffer.Length < LargestText))
            {
                if (buffer.Length > Array.MaxLength / 2) throw new CliError(7025, path, line, Units.Bytes(buffer.Length));
                Array.Resize(ref buffer, 2 * buffer.Length);
                continue;
            }
            if (cut == 0 && !isAtEnd) cut = SafeCut.LastCharacter(buffer);
            var texts = new Utf8Texts();
            var skipped = offset == 0 && buffer.AsSpan(0, cut).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            Utf8Text.Check(buffer.AsSpan(0, cut), path, offset);
            if (isJsonl) AddLines(buffer.AsSpan(skipped..cut), texts, path, ref line);
            else texts.Add(buffer.AsSpan(skipped..cut));
            yield return texts;
            buffer.AsSpan(cut, count - cut).CopyTo(buffer);
            (offset, count) = (offset + cut, count - cut);
        }
    }

    static void AddLines(ReadOnlySpan<byte> lines, Utf8Texts texts, string path, ref int number)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n') is >= 0 and var at ? at : lines.Length;
            var line = lines[..end].Trim(" \t\r"u8);
            if (!line.IsEmpty) texts.Add(Text(line, path, number));
            lines = lines[Math.Min(end + 1, lines.Length)..];
            number++;
        }
    }

    /// <summary>The text of a line; what is wrong with one that has none, the slower reader says.</summary>
    static byte[] Text(ReadOnlySpan<byte> line, string path, int number)
    {
        if (JsonLines.Text(line, "text") is { } text) return Encoding.UTF8.GetBytes(text);
        var slow = new JsonText(path, line.ToArray()) { FirstLine = number };
        return Encoding.UTF8.GetBytes(new JsonFields(slow.ParseObject(), $"{path}:{number}").RequiredText("text"));
    }
}
