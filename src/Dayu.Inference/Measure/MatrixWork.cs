using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>
/// Products y = x·wᵀ with weights of a number format, as work to be timed: so many weights of one shape that no cache
/// holds them, as in a model.
/// </summary>
public sealed class MatrixWork : IDisposable
{
    const long CacheBytes = 128 << 20;                               // more than a core's caches hold

    readonly Backend on;
    readonly Arena arena;
    readonly Weight[] weights;
    readonly int outputs, inputs;

    /// <summary>Makes the weights; their values do not matter to speed.</summary>
    /// <param name="on">Where it is computed.</param>
    /// <param name="format">The weights' format, one that can be written (<see cref="DType.CanEncode"/>).</param>
    /// <param name="outputs">Rows of a weight.</param>
    /// <param name="inputs">Values of a row, a whole number of blocks.</param>
    public MatrixWork(Backend on, DType format, int outputs = 4096, int inputs = 4096)
    {
        (this.on, this.outputs, this.inputs, arena, Format) = (on, outputs, inputs, new(on), format);
        var (raw, row) = (arena.New(format, new(outputs, inputs)), new byte[format.BytesFor(inputs)]);
        format.Encode(Values(inputs), row);
        for (var i = 0; i < outputs; i++) on.Upload(row, raw.WriteAddress + (nint)i * row.Length);
        weights = [.. Enumerable.Range(0, (int)(CacheBytes / raw.Bytes) + 1).Select(i => new Weight($"w{i}", raw))];
        on.Pack(weights);
    }

    /// <summary>The weights' format.</summary>
    public DType Format { get; }

    /// <summary>A few rows through every weight, as answering does; work is the weights' bytes in a file.</summary>
    /// <param name="rows">Rows of x: sequences that are answered together.</param>
    public BenchmarkCase Decode(int rows) => Of($"decode {rows}", rows, weights, weights.Sum(w => (double)w.Tensor.Bytes));

    /// <summary>Many rows through one weight, as reading a prompt does; work is operations.</summary>
    /// <param name="rows">Rows of x.</param>
    public BenchmarkCase Prefill(int rows) => Of($"prefill {rows}", rows, weights[..1], 2.0 * rows * outputs * inputs);

    /// <summary>The gradient of x, dx += dy·w, with one weight; work is operations.</summary>
    /// <param name="rows">Rows of x.</param>
    public BenchmarkCase InputGradient(int rows)
    {
        Tensor dx = arena.New(rows, inputs).Set(Values(rows * inputs)), dy = arena.New(rows, outputs).Set(Values(rows * outputs));
        return new($"dx {rows}", 2.0 * rows * outputs * inputs, _ => on.MatMulDx(dx, dy, weights[0], add: true));
    }

    /// <summary>The gradient of a weight, dw += dyᵀ·x, in float32; work is operations.</summary>
    /// <param name="rows">Rows of x.</param>
    public BenchmarkCase WeightGradient(int rows)
    {
        var dw = arena.New(outputs, inputs);
        var dy = arena.New(rows, outputs).Set(Values(rows * outputs));
        var x = arena.New(rows, inputs).Set(Values(rows * inputs));
        on.Fill(dw, 0);
        return new($"dw {rows}", 2.0 * rows * outputs * inputs, _ => on.MatMulDw(dw, dy, x));
    }

    BenchmarkCase Of(string name, int rows, Weight[] through, double work)
    {
        Tensor x = arena.New(rows, inputs).Set(Values(rows * inputs)), y = arena.New(rows, outputs);
        return new(name, work, cancel =>
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var w in through) on.MatMul(y, x, w);
        });
    }

    /// <summary>Values between −1 and 1, always the same.</summary>
    static float[] Values(int count)
    {
        var random = new Random(1);
        var values = new float[count];
        foreach (ref var v in values.AsSpan()) v = random.NextSingle() * 2 - 1;
        return values;
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        foreach (var w in weights) w.DropPacked();
        arena.Dispose();
    }
}
