using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Writes a model in other number formats. Tensors pass through one after another, pieces of them encoded by several
/// threads while the piece before is written: memory holds two pieces of one tensor.
/// </summary>
/// <param name="content">What is written.</param>
/// <param name="mix">In which formats.</param>
/// <param name="threads">Threads that encode; 0: as many as the machine has cores.</param>
public sealed unsafe class Quantizer(GgufContent content, QuantMix mix, int threads = 0)
{
    const int PieceValues = 1 << 22;

    readonly ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };

    /// <summary>What each tensor gets, by name.</summary>
    public IReadOnlyDictionary<string, QuantTarget> Targets { get; } =
        QuantPlan.Of([.. content.Tensors.Select(t => (t.Name, t.DType, t.Shape))], content.Facts, mix);

    /// <summary>
    /// Number formats of the new file, how many tensors have each, and how many bytes they take; most first.
    /// </summary>
    public IReadOnlyList<(DType DType, int Tensors, long Bytes)> Formats =>
    [
        .. content.Tensors.Select(t => (DType: Targets[t.Name].Given, t.Shape.Count)).GroupBy(t => t.DType)
            .Select(g => (g.Key, g.Count(), g.Sum(t => g.Key.BytesFor(t.Count)))).OrderByDescending(f => f.Item3),
    ];

    /// <summary>Matrices whose rows are no whole number of blocks.</summary>
    public IEnumerable<(GgufTensor Tensor, QuantTarget Target)> Fallbacks =>
        content.Tensors.Select(t => (t, Targets[t.Name])).Where(f => f.Item2.FellBack);

    /// <summary>Writes the file: whole, or not at all.</summary>
    /// <param name="path">Where to; what is there is replaced.</param>
    /// <param name="report">Told of values done, of how many.</param>
    /// <param name="accept">Looks at the whole file, whose path it is given, before it gets its name; throws where it
    /// may not have it.</param>
    /// <param name="cancel">Stops it; nothing is left behind.</param>
    /// <exception cref="WeightRangeException">A weight is NaN, infinite, or too large for its format.</exception>
    public void Save(string path, Action<long, long>? report = null, Action<string>? accept = null, CancellationToken cancel = default)
    {
        var writer = new GgufWriter();
        content.Describe(writer);
        writer.Add(GgufContent.FileType, mix.FileType);
        if (Targets.Values.Any(t => t.Given.IsQuantised)) writer.Add(GgufContent.Version, 2);
        var (done, all) = (0L, content.Tensors.Sum(t => t.Shape.Count));
        foreach (var tensor in content.Tensors)
        {
            var target = Targets[tensor.Name].Given;
            void Rows(Stream stream, nint address) =>
                Write(tensor, (byte*)address, target, stream, values => report?.Invoke(done += values, all), cancel);
            writer.Add(new TensorSource(tensor.Name, target, tensor.Shape, stream => tensor.Borrow(address => Rows(stream, address))));
        }
        writer.Save(path, accept);
    }

    void Write(GgufTensor t, byte* from, DType target, Stream stream, Action<long> report, CancellationToken cancel)
    {
        var (width, rows) = (checked((int)t.Shape[^1]), t.Shape.Count / t.Shape[^1]);
        var (rowIn, rowOut) = (checked((int)t.DType.BytesFor(width)), checked((int)target.BytesFor(width)));
        var most = (int)Math.Clamp(PieceValues / width, 1, rows);
        var (largest, bad) = (WeightRange.MostOf(target), long.MaxValue);   // bad: the first row that has what cannot be written
        var (piece, other, writing) = (new byte[(long)most * rowOut], most < rows ? new byte[(long)most * rowOut] : [], Task.CompletedTask);
        for (var first = 0L; first < rows; first += most)
        {
            var (count, start) = ((int)Math.Min(most, rows - first), first);
            if (!cancel.IsCancellationRequested) Encode(piece, start, count);
            writing.GetAwaiter().GetResult();                        // before anything may throw: the stream is in use until then
            cancel.ThrowIfCancellationRequested();
            if (bad < long.MaxValue) throw Beyond(bad);
            var full = piece;
            writing = Task.Run(() => stream.Write(full, 0, count * rowOut), CancellationToken.None);
            (piece, other) = (other, piece);
            report((long)count * width);
        }
        writing.GetAwaiter().GetResult();

        void Encode(byte[] to, long start, int count) => Parallel.For(0, count, parallel, () => new float[width], (r, _, values) =>
        {
            var source = new ReadOnlySpan<byte>(from + (start + r) * rowIn, rowIn);
            var row = to.AsSpan(r * rowOut, rowOut);
            if (t.DType != DType.I32)
            {
                t.DType.Decode(source, values);
                if (WeightRange.FirstBeyond(values, largest) >= 0) Least(ref bad, start + r);
            }
            if (target == t.DType) source.CopyTo(row);
            else target.Encode(values, row);
            return values;
        }, _ => { });

        WeightRangeException Beyond(long row)
        {
            var values = new float[width];
            t.DType.Decode(new ReadOnlySpan<byte>(from + row * rowIn, rowIn), values);
            var column = WeightRange.FirstBeyond(values, largest);
            return new(t.Name, row, column, values[column], target);
        }
    }

    static void Least(ref long least, long value)
    {
        for (var seen = Interlocked.Read(ref least); value < seen;)
            if (Interlocked.CompareExchange(ref least, value, seen) is var was && was == seen) return;
            else seen = was;
    }
}
