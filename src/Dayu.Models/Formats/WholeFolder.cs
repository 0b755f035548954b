namespace Dayu.Models;

/// <summary>Folders that are there whole or not at all: filled beside the target under a name of their own, then renamed.</summary>
public static class WholeFolder
{
    /// <summary>Makes a folder.</summary>
    /// <param name="folder">Its name.</param>
    /// <param name="fill">Told under which name it is filled.</param>
    /// <param name="replace">Whether a folder that has the name goes, once the new one is complete; else it is an error.</param>
    /// <exception cref="IOException">The name is taken.</exception>
    public static void Write(string folder, Action<string> fill, bool replace = false)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var (part, old) = (Beside(folder, "part"), Beside(folder, "old"));
        Delete(part);
        try
        {
            Directory.CreateDirectory(part);
            fill(part);
            if (replace && Directory.Exists(folder))
            {
                Delete(old);
                Directory.Move(folder, old);
            }
            Directory.Move(part, folder);
        }
        catch
        {
            Delete(part);
            if (Directory.Exists(old) && !Path.Exists(folder)) Directory.Move(old, folder);
            throw;
        }
        if (replace) Delete(old);
    }

    static string Beside(string folder, string end) => Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.{end}");

    static void Delete(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
