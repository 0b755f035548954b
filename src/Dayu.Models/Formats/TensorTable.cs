using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Collects the tensors of one file while its directory is read, and holds each against the file before anything of it
/// is believed.
/// </summary>
/// <param name="file">The file.</param>
sealed class TensorTable(MappedFile file)
{
    readonly Dictionary<string, TensorEntry> entries = [];
    readonly Dictionary<string, string> unsupported = [];
    readonly List<(long Start, long End, string Name)> ranges = [];

    /// <summary>Adds a tensor; returns where its data ends.</summary>
    /// <param name="name">Its name, not given before.</param>
    /// <param name="dtype">Number format.</param>
    /// <param name="axes">One to four lengths, outermost first; none is a single value.</param>
    /// <param name="start">First byte of the data in the file.</param>
    /// <param name="at">Where the file says all this.</param>
    public long Add(string name, DType dtype, ReadOnlySpan<long> axes, long start, long at)
    {
        Int128 values = 1;
        foreach (var n in axes)
            if (n < 0 || (values *= n) > long.MaxValue)
                throw file.Bad(at, $"tensor {MappedFile.Shown(name)} of [{string.Join(',', axes.ToArray())}] values "
                    + "cannot be; is the file damaged?");
        var width = axes.Length > 0 ? axes[^1] : 1;
        if (width % dtype.BlockValues != 0)
            throw file.Bad(at, $"tensor {MappedFile.Shown(name)}: "
                + $"rows of {width} values are no whole number of {dtype} blocks of {dtype.BlockValues}");
        var bytes = values / dtype.BlockValues * dtype.BlockBytes;
        if (start < 0 || start > file.Length - bytes)
            throw file.Bad(at, $"tensor {MappedFile.Shown(name)} takes {bytes} bytes from byte {start}, "
                + $"the file has {file.Length}; is it cut off?");
        var shape = axes.Length == 0 ? new Shape(1) : new Shape(axes);
        New(name, at);
        entries.Add(name, new(name, dtype, shape, file.Address + (nint)start));
        ranges.Add((start, start + (long)bytes, name));
        return start + (long)bytes;
    }

    /// <summary>Adds a tensor in a form that this build does not know.</summary>
    public void AddUnsupported(string name, string why, long start, long end, long at)
    {
        if (start < 0 || end < start || end > file.Length)
            throw file.Bad(at, $"tensor {MappedFile.Shown(name)} lies in bytes {start} to {end}, "
                + $"the file has {file.Length}; is it cut off?");
        New(name, at);
        unsupported.Add(name, why);
        ranges.Add((start, end, name));
    }

    void New(string name, long at)
    {
        if (entries.ContainsKey(name) || unsupported.ContainsKey(name))
            throw file.Bad(at, $"a second tensor is called {MappedFile.Shown(name)}; names must differ");
    }

    /// <summary>The tensors, once it is sure that no two share a byte.</summary>
    /// <param name="from">Where data starts.</param>
    /// <param name="gapless">Whether every byte from there to the end must belong to a tensor.</param>
    /// <param name="metadata">Free text.</param>
    public TensorFile Build(long from, bool gapless, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ranges.Sort();
        var (end, before) = (from, "the header");
        foreach (var r in ranges)
        {
            if (r.Start < end)
                throw file.Bad(r.Start, $"tensor {MappedFile.Shown(r.Name)} starts here, inside {before}, which ends at {end}");
            if (gapless && r.Start > end)
                throw file.Bad(end, $"nothing owns the bytes from here to {r.Start}, where tensor {MappedFile.Shown(r.Name)} starts");
            (end, before) = (r.End, $"tensor {MappedFile.Shown(r.Name)}");
        }
        if (gapless && end < file.Length) throw file.Bad(end, $"the last tensor ends here, but the file has {file.Length} bytes");
        return new(file.Path, entries, file) { Unsupported = unsupported, Metadata = metadata ?? new Dictionary<string, string>() };
    }
}
