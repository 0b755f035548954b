using Dayu.Models;

namespace Dayu.Training;

/// <summary>
/// A file of token ids without an index: nanoGPT's <c>.bin</c> (uint16), or NumPy's <c>.npy</c> of one dimension. Documents end with the
/// tokenizer's end token, where it has one; else all of it is one.
/// </summary>
sealed class IdFile : IDisposable
{
    readonly MappedFile file;

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It holds no token ids; the message says what it has.</exception>
    public IdFile(string path)
    {
        file = new(path);
        try { Ids = IsNumpy(path) ? OfNumpy(file) : OfBin(file); }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a file of this name holds token ids.</summary>
    public static bool Is(string path) => IsNumpy(path) || path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase);

    /// <summary>Its ids.</summary>
    public MappedIds Ids { get; }

    /// <summary>Its documents in two parts: the last are held out, or of a single one the last part.</summary>
    /// <param name="end">The token that ends a document; null: there is none.</param>
    /// <param name="share">What is held out, 0 … below 1.</param>
    /// <param name="vocabulary">Tokens that the model has.</param>
    /// <exception cref="InvalidDataException">An id is none that the model has; the message says where.</exception>
    public (Documents Training, Documents Validation) Split(int? end, double share, int vocabulary)
    {
        var (count, ends) = (Ids.Count, end is { } e ? Ids.CountOf(e, 0, Ids.Count) : 0L);
        Ids.Check(0, count, vocabulary);
        var hash = FileHash.Of(file);
        var endsWhole = ends > 0 && Ids.LastIndexOf(end!.Value, count - 1, count) >= 0;
        var documents = ends + (endsWhole ? 0 : 1);
        var held = documents == 1 ? 0 : Math.Min(documents - 1, (long)Math.Ceiling(documents * share));
        var cut = documents == 1 ? Math.Clamp((long)(count * (1 - share)), 1, count) : count;
        for (var left = held; left > 0; left--)                       // to where the first of those that are held out begins
            cut = Ids.LastIndexOf(end!.Value, 0, cut - 1) + 1;
        return (Part(0, cut, documents - held), Part(cut, count, documents == 1 ? cut < count ? 1 : 0 : held));

        IdDocuments Part(long from, long to, long documents) => new(Ids, from, to, documents, end, vocabulary, hash);
    }

    static bool IsNumpy(string path) => path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    static MappedIds OfBin(MappedFile file) => file.Length % sizeof(ushort) == 0 ? MappedIds.Of(file, 0, file.Length / 2, sizeof(ushort))
        : throw file.Bad(file.Length - 1, $"{file.Length:N0} bytes are no whole number of uint16, which nanoGPT's .bin holds; "
            + "is it cut off, or not a file of token ids?");

    static MappedIds OfNumpy(MappedFile file)
    {
        var head = NumpyHeader.Read(file);
        var (ids, size) = head.Type switch
        {
            "<u2" => ((MappedIds)new MappedIds<ushort>(file, head.From, head.Count), 2),
            "<u4" => (new MappedIds<uint>(file, head.From, head.Count), 4),
            "<i4" => (new MappedIds<int>(file, head.From, head.Count), 4),
            "<i8" => (new MappedIds<long>(file, head.From, head.Count), 8),
            _ => throw file.Bad(8, $"its elements are {MappedFile.Shown(head.Type)}; expected '<u2', '<u4', '<i4' or '<i8': "
                + "save tokens.astype('<u2')"),
        };
        if (head.Count == 0 || head.From + (Int128)head.Count * size != file.Length)
            throw file.Bad(head.From, $"{file.Length - head.From:N0} bytes of elements; its head says {head.Count:N0} of {size} bytes "
                + "each. Is it cut off?");
        return ids;
    }

    /// <summary>Unmaps it.</summary>
    public void Dispose() => file.Dispose();
}
