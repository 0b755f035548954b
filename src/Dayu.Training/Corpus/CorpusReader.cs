namespace Dayu.Training;

/// <summary>Reads the documents of one format of files, one at a time, in memory that does not depend on the file's size.</summary>
public abstract class CorpusReader
{
    /// <summary>
    /// The documents of a file in its order. What cannot be read is skipped by document; where the file itself is damaged, the documents
    /// before it stand.
    /// </summary>
    /// <param name="content">The file's bytes, uncompressed; read once from its beginning.</param>
    /// <param name="name">What the file is called in places: <c>news.csv</c>.</param>
    /// <param name="skip">Receives each document that is skipped, in turn with those that are read.</param>
    public abstract IEnumerable<ReadDocument> Read(Stream content, string name, Action<SkippedDocument> skip);
}
