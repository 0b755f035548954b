using Parquet;
using Parquet.Schema;

namespace Dayu.Training;

/// <summary>
/// Apache Parquet: one column of text. In memory is that column of one group of rows; a file that is compressed as a
/// whole goes through a temporary one, as the format is read from its end.
/// </summary>
public sealed class ParquetText(CorpusOptions options) : CorpusReader
{
    /// <summary>Rows of a group at most: what a file claims does not decide how much memory is taken.</summary>
    const long MaxRows = 1 << 24;

    /// <inheritdoc/>
    public override IEnumerable<ReadDocument> Read(Stream content, string name, Action<SkippedDocument> skip)
    {
        using var whole = Damage.Try(() => content.CanSeek ? content : Spooled(content), out var fault);
        var reader = whole is null ? null : Try(() => ParquetReader.CreateAsync(whole), out fault);
        var field = reader is null ? null : Try(() => Task.FromResult(Field(reader)), out fault);
        if (reader is null || field is null)
        {
            skip(new(name, fault!));
            yield break;
        }
        long row = 1;
        foreach (var group in Enumerable.Range(0, reader.RowGroupCount))
        {
            var rows = reader.Metadata!.RowGroups[group].NumRows;
            var texts = Try(() => Column(reader, group, field), out fault);
            if (texts is null) skip(new($"{name}:{row}", $"{rows:N0} rows from here cannot be read ({fault})"));
            foreach (var (i, text) in (texts ?? []).Index())
            {
                if (string.IsNullOrWhiteSpace(text)) skip(new($"{name}:{row + i}", "it is empty"));
                else if (text.Length > options.MaxBytes)
                    skip(new($"{name}:{row + i}", $"it has {text.Length:N0} characters; at most {options.MaxBytes:N0} are read"));
                else yield return new($"{name}:{row + i}", text);
            }
            row += rows;
        }
    }

    DataField Field(ParquetReader reader)
    {
        var fields = reader.Schema.DataFields;
        return fields.FirstOrDefault(f => f.Path.ToString() == options.Field && IsText(f)) ?? throw new InvalidDataException(
            $"it has no column of text '{options.Field}', "
                + $"but {string.Join(", ", fields.Take(8).Select(f => $"{f.Path} ({f.ClrType.Name})"))}");
    }

    static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    static async Task<string?[]> Column(ParquetReader reader, int group, DataField field)
    {
        using var rows = reader.OpenRowGroupReader(group);
        if (rows.RowCount is < 0 or > MaxRows)
            throw new InvalidDataException($"it has {rows.RowCount:N0} rows; at most {MaxRows:N0} are read");
        var texts = new string?[rows.RowCount];
        await rows.ReadAsync(field, texts.AsMemory()!);
        return texts;
    }

    /// <summary>The library says in many ways that a file is not what it should be; none is a fault of the program.</summary>
    static T? Try<T>(Func<Task<T>> read, out string? fault) where T : class
    {
        try
        {
            fault = null;
            return read().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            fault = $"it cannot be read as Parquet: {e.Message.TrimEnd('.')}";
            return null;
        }
    }

    static FileStream Spooled(Stream content)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose,
        });
        try
        {
            content.CopyTo(file);
            file.Position = 0;
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
