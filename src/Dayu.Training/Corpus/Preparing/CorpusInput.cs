using System.Globalization;
using System.Text.Json.Nodes;

namespace Dayu.Training;

/// <summary>A file to be read into a corpus.</summary>
/// <param name="Source">The source that its documents belong to.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Label">What it is called in places of documents: its name, in a folder of files its path there.</param>
public sealed record CorpusInput(string Source, string Path, string Label)
{
    /// <summary>Bytes of the file; 0 where it is gone.</summary>
    public long Bytes { get; } = File.Exists(Path) ? new FileInfo(Path).Length : 0;

    /// <summary>When it was last written, which with its size tells whether it is the same file.</summary>
    public string Modified { get; } = File.GetLastWriteTimeUtc(Path).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>For the record.</summary>
    public JsonObject ToJson() => new()
    {
        ["source"] = Source, ["path"] = Path, ["bytes"] = Bytes, ["modified"] = Modified,
    };
}
