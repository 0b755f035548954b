using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>One tensor of a file, where it lies in memory.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="DType">Number format.</param>
/// <param name="Shape">Axes, outermost first: a matrix is [out, in].</param>
/// <param name="Address">First byte of the mapped data; all of it lies within the file.</param>
public sealed record TensorEntry(string Name, DType DType, Shape Shape, nint Address)
{
    /// <summary>Size of the data.</summary>
    public long Bytes => DType.BytesFor(Shape.Count);

    /// <summary>The values as float32.</summary>
    public unsafe float[] Values()
    {
        var values = new float[Shape.Count];
        DType.Decode(new((void*)Address, checked((int)Bytes)), values);
        return values;
    }
}

/// <summary>The tensors of one checkpoint, memory-mapped; of one file or of several shards.</summary>
/// <param name="name">For messages: the path it was opened by.</param>
/// <param name="entries">The tensors by name.</param>
/// <param name="mapped">What is mapped; disposed together with this.</param>
public sealed class TensorFile(string name, IReadOnlyDictionary<string, TensorEntry> entries, params MappedFile[] mapped) : IDisposable
{
    readonly IReadOnlyDictionary<string, TensorEntry> entries = entries;
    readonly MappedFile[] mapped = mapped;
    static readonly Dictionary<string, string> none = [];

    /// <summary>The path it was opened by.</summary>
    public string Name => name;

    /// <summary>The files that are mapped: they must not be written to.</summary>
    public IEnumerable<string> Paths => mapped.Select(m => m.Path);

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Entries => entries;

    /// <summary>
    /// Tensors that are in the file and cannot be used, each with the reason: an error only when asked for.
    /// </summary>
    public IReadOnlyDictionary<string, string> Unsupported { get; init; } = none;

    /// <summary>Free text that the file carries (safetensors' <c>__metadata__</c>).</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = none;

    /// <summary>All names, of usable tensors and others.</summary>
    internal IEnumerable<string> Names => entries.Keys.Concat(Unsupported.Keys);

    /// <summary>Whether the file has a tensor of that name, usable or not.</summary>
    public bool Has(string tensor) => entries.ContainsKey(tensor) || Unsupported.ContainsKey(tensor);

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="NotSupportedException">It is there, in a form this build does not know.</exception>
    /// <exception cref="InvalidDataException">It is missing.</exception>
    public TensorEntry this[string tensor] => entries.TryGetValue(tensor, out var entry) ? entry
        : Unsupported.TryGetValue(tensor, out var why)
            ? throw new NotSupportedException($"{name}: tensor {MappedFile.Shown(tensor)} cannot be used: {why}")
            : throw new InvalidDataException($"{name} has no tensor {MappedFile.Shown(tensor)}; it has {Listing()}");

    string Listing()
    {
        var count = entries.Count + Unsupported.Count;
        var first = Names.Take(4).Select(MappedFile.Shown);
        return $"{count}: {string.Join(", ", first)}{(count > 4 ? ", …" : "")}";
    }

    /// <summary>
    /// Tells the system that bytes of these files are not needed for now (<see cref="MappedFile.Drop"/>).
    /// </summary>
    public void Drop(nint start, long count)
    {
        foreach (var m in mapped) m.Drop(start, count);
    }

    /// <summary>Several files as one. They belong to the result from now on.</summary>
    /// <exception cref="InvalidDataException">Two have a tensor of the same name.</exception>
    public static TensorFile Join(string name, params TensorFile[] files)
    {
        var (entries, unsupported) = (new Dictionary<string, TensorEntry>(), new Dictionary<string, string>());
        var owners = new Dictionary<string, TensorFile>();
        foreach (var file in files)
        {
            foreach (var tensor in file.Names)
                if (!owners.TryAdd(tensor, file))
                    throw new InvalidDataException($"{name}: tensor {MappedFile.Shown(tensor)} is in {owners[tensor].Name} "
                        + $"and in {file.Name}; names must differ");
            foreach (var (tensor, entry) in file.entries) entries.Add(tensor, entry);
            foreach (var (tensor, why) in file.Unsupported) unsupported.Add(tensor, why);
        }
        return new(name, entries, [.. files.SelectMany(f => f.mapped)])
        {
            Unsupported = unsupported,
            Metadata = files.Length > 0 ? files[0].Metadata : none,
        };
    }

    /// <summary>Unmaps; addresses of entries must not be used any more.</summary>
    public void Dispose()
    {
        foreach (var m in mapped) m.Dispose();
    }
}
