using System.Text;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>A folder of files to read documents from.</summary>
sealed class CorpusFolder : IDisposable
{
    readonly TempFolder folder = new();

    public string Write(string name, byte[] content)
    {
        var path = folder[name];
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public (List<ReadDocument> Read, List<SkippedDocument> Skipped) Read(string path, CorpusOptions? options = null)
    {
        var skipped = new List<SkippedDocument>();
        return ([.. CorpusFile.Read(path, options ?? new(), skipped.Add)], skipped);
    }

    public void Dispose() => folder.Dispose();
}
