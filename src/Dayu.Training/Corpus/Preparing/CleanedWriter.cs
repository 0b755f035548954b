using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ZstdSharp;

namespace Dayu.Training;

/// <summary>
/// Writes documents that are kept. At each save what was written since the one before is a whole frame of Zstandard, so that files that
/// are cut off there can be gone on with, and have the same bytes as if nothing had happened.
/// </summary>
sealed class CleanedWriter : IDisposable
{
    const int Level = 6;

    static readonly JsonWriterOptions legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly string folder, source, prefix;
    readonly long fileBytes;
    readonly ArrayBufferWriter<byte> line = new();
    readonly Utf8JsonWriter json;
    FileStream? file;
    CompressionStream? frame;
    int number;
    long documents;

    /// <summary>Goes on behind what is there.</summary>
    /// <param name="root">The corpus's folder.</param>
    /// <param name="source">Whose documents.</param>
    /// <param name="prefix">How names of files begin.</param>
    /// <param name="fileBytes">Bytes from which a new file is begun.</param>
    /// <param name="known">Files that were saved; the last is gone on with, and cut off where it was saved.</param>
    public CleanedWriter(string root, string source, string prefix, long fileBytes, IEnumerable<CleanedFile> known)
    {
        (folder, this.source, this.prefix, this.fileBytes) = (Path.Combine(root, source), source, prefix, fileBytes);
        json = new(line, legible);
        Files = [.. known];
        if (Files is not [.., var last]) return;
        number = Files.Count - 1;
        documents = last.Documents;
        file = new(PathOf(number), FileMode.Open, FileAccess.Write, FileShare.Read);
        if (file.Length < last.Bytes)
        {
            var found = file.Length;
            file.Dispose();
            throw new InvalidDataException($"{PathOf(number)} has {found:N0} bytes; {last.Bytes:N0} were saved. Prepare the corpus anew");
        }
        file.SetLength(last.Bytes);
        file.Position = last.Bytes;
    }

    /// <summary>What was saved.</summary>
    public List<CleanedFile> Files { get; }

    /// <summary>Adds a document.</summary>
    public void Add(string text, string place, string language)
    {
        if (file is null)
        {
            Directory.CreateDirectory(folder);
            file = new(PathOf(number), FileMode.Create, FileAccess.Write, FileShare.Read);
        }
        frame ??= new(file, Level, leaveOpen: true);
        line.ResetWrittenCount();
        json.Reset(line);
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteString("place", place);
        json.WriteString("language", language);
        json.WriteEndObject();
        json.Flush();
        line.Write("\n"u8);
        frame.Write(line.WrittenSpan);
        documents++;
    }

    /// <summary>What was written so far is whole, and on the disk.</summary>
    public void Save()
    {
        if (file is null || frame is null) return;
        frame.Dispose();
        frame = null;
        file.Flush(flushToDisk: true);
        var saved = new CleanedFile(source, NameOf(number), file.Position, documents);
        if (Files is [.., var last] && last.Name == saved.Name) Files[^1] = saved;
        else Files.Add(saved);
        if (file.Position < fileBytes) return;
        file.Dispose();
        (file, documents, number) = (null, 0, number + 1);
    }

    string NameOf(int i) => $"{prefix}-{i:D5}.jsonl.zst";

    string PathOf(int i) => Path.Combine(folder, NameOf(i));

    /// <summary>What was not saved is left as it is; it is cut off when the writing goes on.</summary>
    public void Dispose()
    {
        try { frame?.Dispose(); }
        catch (IOException) { }                                      // a full disk was told of already
        try { file?.Dispose(); }
        catch (IOException) { }
        json.Dispose();
    }
}
