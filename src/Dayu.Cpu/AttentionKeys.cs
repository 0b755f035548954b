using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.AttentionKernels;

namespace Dayu.Cpu;

/// <summary>The keys and values of one sequence, wherever its blocks lie, in their number format.</summary>
internal readonly unsafe struct AttentionKeys<F>(byte* k, byte* v, SequenceLayout layout, int s, AttentionSpec spec) where F : ICacheFormat
{
    /// <summary>Bytes of a row: of all heads' keys, or values, of one token.</summary>
    readonly nint rowBytes = (nint)F.Format.BytesFor((long)spec.KeyValueHeads * spec.HeadWidth);

    /// <summary>Values of a head, up to whole vectors.</summary>
    readonly nint width = (spec.HeadWidth + 15) & ~15;

    /// <summary>Whether a head's part of a row is whole vectors, so that it can be read as it lies.</summary>
    public bool IsWhole => width == spec.HeadWidth;

    /// <summary>Where the rows of a chunk lie, in bytes from the first of all; beyond the last key the last once more.</summary>
    public void Find(int start, nint* places)
    {
        var blocks = layout.Blocks[s];
        var (size, last) = (layout.BlockSize, layout.KeyCounts[s] - 1);
        var (block, within) = (start / size, start % size);
        for (var j = start; j < start + Chunk; j++)
        {
            *places++ = (blocks[block] + within) * rowBytes;
            if (j < last && ++within == size) (block, within) = (block + 1, 0);
        }
    }

    /// <summary>A head of some keys as floats, turned: width × Chunk.</summary>
    /// <param name="places">Their rows.</param>
    /// <param name="count">How many, a multiple of 16.</param>
    /// <param name="head">Which.</param>
    /// <param name="scratch">(Chunk + 8) × width.</param>
    /// <param name="to">width × Chunk.</param>
    public void KeysTurned(nint* places, int count, int head, float* scratch, float* to)
    {
        if (!IsWhole || F.WordValues == 0)
        {
            Floats(k, places, count, head, scratch);
            Turn.Floats(scratch, width, count, width, to);
            return;
        }
        nint words = width / F.WordValues, start = head * words * sizeof(float);
        var turned = F.WordValues == 1 ? to : scratch;
        for (var j = 0; j < count; j += 8, turned += 8, places += 8)
            if (layout.BlockSize % 8 == 0 && places[7] - places[0] == 7 * rowBytes) Turn.Floats((float*)(k + places[0] + start), rowBytes / sizeof(float), 8, words, turned);
            else
            {
                var rows = scratch + Chunk * width;
                for (var i = 0; i < 8; i++) Unsafe.CopyBlock(rows + i * words, k + places[i] + start, (uint)(words * sizeof(float)));
                Turn.Floats(rows, words, 8, words, turned);
            }
        F.Unpack(scratch, words, count, to);
    }

    /// <summary>A head of some values as floats: [count, width].</summary>
    public void Values(nint* places, int count, int head, float* to) => Floats(v, places, count, head, to);

    /// <summary>A head of some values as they lie.</summary>
    public Packed ValuesInPlace(nint* places, int head, AttentionAhead ahead) => new(v, places, (nint)head * spec.HeadWidth, ahead);

    void Floats(byte* from, nint* places, int count, int head, float* to)
    {
        var (first, n) = ((nint)head * spec.HeadWidth, spec.HeadWidth);
        for (var j = 0; j < count; j++, to += width)
        {
            var row = from + places[j];
            if (IsWhole)
                for (nint i = 0; i < width; i += 16) F.Load(row, first + i).Store(to + i);
            else
                for (nint i = 0; i < width; i++) to[i] = i < n ? F.One(row, first + i) : 0;
        }
    }

    /// <summary>A head's share of so many keys' rows from <paramref name="place"/> on, asked for in so many steps.</summary>
    public AttentionAhead KeysAhead(nint place, int rows, int head, nint steps) => Ahead(k + place, rows, head, steps);

    /// <summary>The same of values.</summary>
    public AttentionAhead ValuesAhead(nint place, int rows, int head, nint steps) => Ahead(v + place, rows, head, steps);

    AttentionAhead Ahead(byte* from, int rows, int head, nint steps)
    {
        var each = (rows * rowBytes + spec.KeyValueHeads * steps - 1) / (spec.KeyValueHeads * steps);
        return new(from + head * steps * each, each);
    }

    /// <summary>Rows in their number format; with each that is read memory is asked for something else.</summary>
    public readonly struct Packed(byte* data, nint* places, nint first, AttentionAhead ahead) : IRight
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public byte* Row(int j)
        {
            ahead.Ask(j);
            return data + places[j];
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)] public Vector512<float> Load(byte* row, nint i) => F.Load(row, first + i);
    }
}
