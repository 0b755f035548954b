using System.Security.Cryptography;
using System.Text;

namespace Dayu.Training;

/// <summary>Documents of a file without an index: where one ends is looked up where it is read.</summary>
/// <param name="ids">All ids of the file.</param>
/// <param name="from">The first that belongs to these documents.</param>
/// <param name="to">Behind the last.</param>
/// <param name="documents">How many documents they are.</param>
/// <param name="end">The token that ends a document; null: all is one.</param>
/// <param name="vocabulary">Ids are below it.</param>
/// <param name="fileHash">SHA-256 of the file.</param>
sealed class IdDocuments(MappedIds ids, long from, long to, long documents, int? end, int vocabulary, string fileHash) : Documents
{
    /// <inheritdoc/>
    public override long Count => documents;

    /// <inheritdoc/>
    public override long Tokens => to - from;

    /// <inheritdoc/>
    public override long Counted => Tokens - documents;

    /// <inheritdoc/>
    public override bool BeginsAt(long token) => token == 0 || end is { } e && ids.IndexOf(e, from + token - 1, from + token) >= 0;

    /// <inheritdoc/>
    public override long EndAt(long token, long most) =>
        end is { } e && ids.IndexOf(e, from + token, Math.Min(to, from + most)) is >= 0 and var at ? at + 1 - from : most;

    /// <inheritdoc/>
    public override string PlaceAt(long token) => $"{Path.GetFileName(ids.File.Path)} (from token {from + token + 1:N0})";

    /// <inheritdoc/>
    public override void CopyIds(long start, Span<int> into) => ids.Copy(from + start, into, vocabulary);

    /// <inheritdoc/>
    internal override void AddTo(IncrementalHash hash) =>
        hash.AppendData(Encoding.UTF8.GetBytes($"{fileHash} {from} {to} {end?.ToString() ?? "none"}\n"));
}
