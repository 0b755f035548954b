namespace Dayu.Training;

/// <summary>Tables as text, RFC 4180: a header names the columns, one of which is a document's text.</summary>
public sealed class CsvText(CorpusOptions options, char delimiter) : CorpusReader
{
    /// <inheritdoc/>
    public override IEnumerable<ReadDocument> Read(Stream content, string name, Action<SkippedDocument> skip)
    {
        var record = new CsvRecord(delimiter, options.MaxBytes);
        var (column, columns, first, damage) = (-1, 0, 0L, (string?)null);
        foreach (var line in TextLines.Of(content, options.MaxBytes))
        {
            if (record.IsOpen) record.Continue(line.Text);
            else if (line.Fault is null && line.Text.Length == 0) continue;
            else
            {
                first = line.Number;
                record.Begin(line.Text);
                damage = null;
            }
            damage ??= line.Fault;
            if (record.IsOpen) continue;
            if (column < 0)
            {
                column = record.Fields.IndexOf(options.Field);
                columns = record.Fields.Count;
                if (damage is null && record.Fault is null && column >= 0) continue;
                skip(new($"{name}:{first}", damage ?? record.Fault
                    ?? $"its header has no column '{options.Field}', "
                        + $"but {string.Join(", ", record.Fields.Take(8))}; the file is not read"));
                yield break;
            }
            if ((damage ?? record.Fault ?? Fault(record.Fields, column, columns)) is { } fault) skip(new($"{name}:{first}", fault));
            else yield return new($"{name}:{first}", record.Fields[column]);
        }
        if (record.IsOpen) skip(new($"{name}:{first}", damage ?? "a quotation mark in it is never closed; the file ends in it"));
    }

    static string? Fault(List<string> fields, int column, int columns) =>
        fields.Count != columns ? $"it has {fields.Count} fields; the header has {columns}"
        : string.IsNullOrWhiteSpace(fields[column]) ? "it is empty" : null;
}
