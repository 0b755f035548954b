using Dayu.Tensors;
using static Dayu.Cpu.Simd;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Gather(Tensor y, Tensor table, Tensor rows)
    {
        InRange("gather", "row", Ints(rows), rows.Shape.Count, table.Rows);
        Rows(new GatherRow(Out(y), table.DType, (byte*)table.Address, Ints(rows), table.Width), y.Rows, 2L * y.Width);
    }

    /// <summary>What was packed has the same numbers: then those of the file need not be in memory.</summary>
    public override void Gather(Tensor y, Weight table, Tensor rows)
    {
        if (table.Packed is not PackedWeight { IsRounded: false } packed) { Gather(y, table.Tensor, rows); return; }
        InRange("gather", "row", Ints(rows), rows.Shape.Count, table.Out);
        Rows(new UnpackRow(Out(y), packed, machine, Ints(rows)), y.Rows, QuantPanel.Columns * y.Width);
    }

    /// <inheritdoc/>
    public override void GatherBackward(Tensor dtable, Tensor dy, Tensor rows)
    {
        InRange("gather", "row", Ints(rows), rows.Shape.Count, dtable.Rows);
        var job = new GatherBackwardJob(Out(dtable), Floats(dy), Ints(rows), dy.Rows, dy.Width);
        machine.Workers.Run(job, (dy.Width + StripColumns - 1) / StripColumns);
    }

    /// <inheritdoc/>
    public override void Scatter(Tensor table, Tensor x, Tensor rows)
    {
        InRange("scatter", "row", Ints(rows), rows.Shape.Count, table.Rows);
        if (table.DType == FloatRows.Format) Scatter<FloatRows>(table, x, rows);
        else if (table.DType == HalfRows.Format) Scatter<HalfRows>(table, x, rows);
        else Scatter<ByteRows>(table, x, rows);
    }

    void Scatter<F>(Tensor table, Tensor x, Tensor rows) where F : ICacheFormat
    {
        var rowBytes = (nint)F.Format.BytesFor(x.Width);
        Rows(new ScatterRow<F>((byte*)table.WriteAddress, rowBytes, Floats(x), Ints(rows), x.Width), x.Rows, x.Width);
    }

    readonly struct GatherRow(float* y, DType dtype, byte* table, int* rows, int width) : IRow
    {
        public void At(int r)
        {
            var bytes = (int)dtype.BytesFor(width);
            dtype.Decode(new(table + (long)rows[r] * bytes, bytes), new(y + (long)r * width, width));
        }
    }

    readonly struct UnpackRow(float* y, PackedWeight table, Machine machine, int* rows) : IRow
    {
        public void At(int r) => table.Unpack(machine, rows[r], y + (long)r * table.Depth);
    }

    /// <summary>Each chunk some columns of every row, in the order of the rows: a row may come twice.</summary>
    readonly struct GatherBackwardJob(float* dtable, float* dy, int* rows, int count, int width) : IJob
    {
        public void Run(int chunk)
        {
            var (start, end) = (chunk * StripColumns, Math.Min((chunk + 1) * StripColumns, width));
            for (var t = 0; t < count; t++) AddScaled(dtable + (long)rows[t] * width + start, 1, dy + (long)t * width + start, end - start);
        }
    }

    readonly struct ScatterRow<F>(byte* table, nint rowBytes, float* x, int* rows, int width) : IRow where F : ICacheFormat
    {
        public void At(int r)
        {
            if (!F.Write(x + (long)r * width, width, table + rows[r] * rowBytes)) throw Op.DoesNotFit(F.Format);
        }
    }
}
