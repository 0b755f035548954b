namespace Dayu.Models;

/// <summary>
/// Files that are there whole or not at all, whatever stops the program: written beside the target, flushed to the
/// disk, then renamed.
/// </summary>
public static class WholeFile
{
    /// <summary>Writes a file; what is there is replaced only once the new one is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="accept">Looks at it, under the path it is given, before it gets its name; throws where it may not
    /// have it.</param>
    public static void Write(string path, Action<Stream> write, Action<string>? accept = null)
    {
        var part = $"{path}.part";
        try
        {
            using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            accept?.Invoke(part);
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
