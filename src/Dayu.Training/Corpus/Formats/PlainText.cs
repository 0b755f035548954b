using System.Text;

namespace Dayu.Training;

/// <summary>Text files and Markdown: a file is a document, or its documents are parted by a line.</summary>
public sealed class PlainText(CorpusOptions options) : CorpusReader
{
    /// <inheritdoc/>
    public override IEnumerable<ReadDocument> Read(Stream content, string name, Action<SkippedDocument> skip)
    {
        var text = new StringBuilder();
        string? fault = null;
        var first = 1L;
        foreach (var line in TextLines.Of(content, options.MaxBytes))
        {
            if (line.Fault is null && line.Text == options.Separator)
            {
                if (Document() is { } document) yield return document;
                first = line.Number + 1;
                continue;
            }
            // What is no part of a document that can be learnt from is not kept.
            if (fault is null && line.Fault is not null) fault = line.Number == first ? line.Fault : $"line {line.Number}: {line.Fault}";
            if (fault is null && text.Length + (long)line.Text.Length > options.MaxBytes)
                fault = $"it is longer than {options.MaxBytes:N0} characters, which are read at most; part it by lines of its own";
            if (fault is null) text.Append(line.Text).Append('\n');
            else text.Clear();
        }
        if (Document() is { } last) yield return last;

        ReadDocument? Document()
        {
            var place = options.Separator is null ? name : $"{name}:{first}";
            var said = text.ToString().Trim('\n');
            if (fault is not null) skip(new(place, fault));
            else if (string.IsNullOrWhiteSpace(said) && options.Separator is null) skip(new(place, "it is empty"));
            var whole = fault is null && !string.IsNullOrWhiteSpace(said);
            text.Clear();
            fault = null;
            return whole ? new(place, said) : null;
        }
    }
}
