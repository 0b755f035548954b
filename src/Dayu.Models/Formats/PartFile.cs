namespace Dayu.Models;

/// <summary>
/// A file that is being written, beside the one it will replace. Its name is its own as long as somebody is at work on
/// it; what a killed program left under such a name is deleted.
/// </summary>
static class PartFile
{
    const int Most = 100;                                            // writers of one target at a time

    /// <summary>A new file that nobody else writes to.</summary>
    public static FileStream Begin(string target)
    {
        for (var n = 0; ; n++)
        {
            var path = n == 0 ? $"{target}.part" : $"{target}.{n}.part";
            DeleteLeft(path);
            try { return new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 20); }
            catch (IOException) when (n < Most && Path.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))) { }
        }
    }

    /// <summary>Keeps a file that is written from being taken for one that was left.</summary>
    public static FileStream Hold(FileStream written) =>
        new(written.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);

    /// <summary>Whoever writes a file has it open: one that can be had alone was left.</summary>
    static void DeleteLeft(string path)
    {
        if (!File.Exists(path) || !WholeFile.IsRegular(path)) return;
        try { new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose(); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }
}
