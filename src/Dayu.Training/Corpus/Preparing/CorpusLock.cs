namespace Dayu.Training;

/// <summary>A corpus's folder, taken: nobody else writes there meanwhile.</summary>
static class CorpusLock
{
    /// <summary>Takes it, until the stream is disposed of.</summary>
    /// <param name="folder">The corpus's.</param>
    /// <exception cref="CorpusException">Another process has it.</exception>
    public static FileStream Hold(string folder)
    {
        var work = Path.Combine(folder, PreparedCorpus.Work);
        Directory.CreateDirectory(work);
        var path = Path.Combine(work, "lock");
        try { return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
        catch (IOException e) when (File.Exists(path))
        {
            throw new CorpusException($"another process writes {folder}; wait for it, or name another folder", e);
        }
    }
}
