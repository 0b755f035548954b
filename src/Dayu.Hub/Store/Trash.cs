namespace Dayu.Hub;

/// <summary>
/// Where models go in one step before they are deleted, so that whoever is killed in between leaves no half model.
/// </summary>
/// <param name="folder">Its place, on the file system of the models.</param>
sealed class Trash(string folder)
{
    /// <summary>Deletes a file or folder; of a symbolic link, the link alone.</summary>
    public void Discard(string path)
    {
        var isFolder = Directory.Exists(path);
        if (new FileInfo(path).LinkTarget is not null)
        {
            if (isFolder) Directory.Delete(path);
            else File.Delete(path);
            return;
        }
        Directory.CreateDirectory(folder);
        var gone = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        if (isFolder) Directory.Move(path, gone);
        else File.Move(path, gone);
        Sweep();
    }

    /// <summary>
    /// Deletes what a killed process left. What another process still reads or deletes is left to the next sweep.
    /// </summary>
    public void Sweep()
    {
        if (!Directory.Exists(folder)) return;
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
            try
            {
                if (Directory.Exists(entry)) Directory.Delete(entry, recursive: true);
                else File.Delete(entry);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }
}
