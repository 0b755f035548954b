namespace Dayu.Models;

/// <summary>Files that are there whole or not at all, whatever stops the program: written beside the target, flushed to the disk, then renamed.</summary>
public static class WholeFile
{
    /// <summary>Writes a file; what is there is replaced only once the new one is complete.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var part = $"{path}.part";
        try
        {
            using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
