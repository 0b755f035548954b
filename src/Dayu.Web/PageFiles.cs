using System.Security.Cryptography;
using System.Text;

namespace Dayu.Web;

/// <summary>The files of the page, as they lie in this assembly.</summary>
sealed class PageFiles
{
    const string Prefix = "page/", Index = "index.html", Start = "theme.js";

    readonly SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);

    public PageFiles()
    {
        foreach (var name in typeof(PageFiles).Assembly.GetManifestResourceNames())
            if (name.Replace('\\', '/') is var path && path.StartsWith(Prefix, StringComparison.Ordinal))
                files.Add(path[Prefix.Length..], Read(name));
        files.Remove(Index, out var index);
        Version = VersionOf(files.Append(new(Index, index!)));
        Html = Encoding.UTF8.GetBytes(Filled(Encoding.UTF8.GetString(index!)));
    }

    /// <summary>Of all files together: other files, another version.</summary>
    public string Version { get; }

    /// <summary>Where the files of this version are found, relative to the page; so a proxy may put it anywhere.</summary>
    public string Base => $"_dayu/page/{Version}";

    /// <summary>The page itself.</summary>
    public byte[] Html { get; }

    /// <summary>Paths of all other files, as they stand below <see cref="Base"/>.</summary>
    public IEnumerable<string> Paths => files.Keys;

    /// <summary>A file by its path; null: there is none.</summary>
    public byte[]? Find(string path) => files.GetValueOrDefault(path);

    /// <summary>What browsers are told that a file is.</summary>
    public static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".json" => "application/json; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };

    /// <summary>All modules are named at once, so that a browser does not find them one behind the other.</summary>
    string Filled(string index)
    {
        var modules = files.Keys.Where(f => f.EndsWith(".js", StringComparison.Ordinal) && f != Start)
            .Select(f => $"  <link rel=\"modulepreload\" href=\"{Base}/{f}\">");
        return index.Replace("{preload}", string.Join('\n', modules), StringComparison.Ordinal)
            .Replace("{base}", Base, StringComparison.Ordinal);
    }

    static byte[] Read(string name)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    static string VersionOf(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, bytes) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\n{bytes.Length}\n"));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
