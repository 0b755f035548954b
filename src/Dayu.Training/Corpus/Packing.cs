using System.IO.Compression;
using ZstdSharp;

namespace Dayu.Training;

/// <summary>Files that are packed, known by their suffix: gzip (<c>.gz</c>), Zstandard (<c>.zst</c>).</summary>
/// <remarks>
/// .NET takes a gzip file that is cut off for a whole one unless the program's settings have
/// <c>System.IO.Compression.UseStrictValidation</c>, as all programs of this repository do (Directory.Build.props).
/// </remarks>
public static class Packing
{
    static readonly Dictionary<string, Func<Stream, Stream>> known = new(StringComparer.OrdinalIgnoreCase)
    {
        [".gz"] = s => new GZipStream(s, CompressionMode.Decompress),
        [".zst"] = s => new DecompressionStream(s, checkEndOfStream: true, leaveOpen: false),
    };

    /// <summary>Suffixes of packed files.</summary>
    public static IReadOnlyCollection<string> Suffixes => known.Keys;

    /// <summary>A file's name without the suffix of its packing: <c>books.jsonl.zst</c> → <c>books.jsonl</c>.</summary>
    public static string NameWithin(string path) => known.ContainsKey(Path.GetExtension(path)) ? Path.ChangeExtension(path, null) : path;

    /// <summary>
    /// What a file holds; disposing of it closes the file. One that is not packed is as it is; reading one that is damaged or cut off
    /// throws an <see cref="InvalidDataException"/> that names it.
    /// </summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="path">Its name.</param>
    public static Stream Open(Stream file, string path) =>
        known.TryGetValue(Path.GetExtension(path), out var open) ? new UnpackedStream(open(file), path) : file;
}
