using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>
/// A quantised tile in AVX2, which has no sum of four products of bytes and 16 registers: bytes of the panel times bytes of x are added in pairs of 16 bits as long as these hold them.
/// Where registers allow it all sixteen outputs of a panel are multiplied by what was brought of x, else eight and then the other eight. Totals lie on the stack, those of few rows in registers.
/// Blocks of a step are a loop: written out, the code of many rows would be larger than the processor's cache for it.
/// Integers are exact and are folded into the totals by the same operations in the same order as in C#, so the bits are those of <see cref="QuantTile"/>.
/// </summary>
/// <remarks>Sums are in registers from ymm0 on, totals before ymm8; the others are for the moment.</remarks>
internal abstract class Avx2Assembler
{
    const int VectorBytes = 32, RowTotals = QuantPanel.Columns * sizeof(float);

    static readonly AssemblerRegisterYMM[] ymm = [ymm0, ymm1, ymm2, ymm3, ymm4, ymm5, ymm6, ymm7, ymm8, ymm9, ymm10, ymm11, ymm12, ymm13, ymm14, ymm15];

    /// <summary>Bytes of the panel, of either eight outputs; with a sign, and how large these are; the bytes of a piece.</summary>
    static readonly AssemblerRegisterYMM[] bytes = [ymm12, ymm13], signed = [ymm10, ymm11], large = [ymm12, ymm13], piece = [ymm8, ymm9, ymm12, ymm13];

    /// <summary>x, products: what is needed for the moment.</summary>
    protected static readonly AssemblerRegisterYMM Some = ymm14, Other = ymm15;

    /// <summary>Of either eight outputs: scales, then minima.</summary>
    static readonly AssemblerRegisterYMM[] factors = [ymm12, ymm13];

    readonly TileAssembler tile = new();

    protected TileAssembler Tile => tile;
    /// <summary>Where the step begins, and <see cref="FactorBytes"/> further for each block of it.</summary>
    protected static AssemblerRegister64 FactorsFrom => rax;
    protected Assembler Code => tile.Code;

    /// <summary>Blocks of 32 values in a step, and parts of a block that have a scale each.</summary>
    protected abstract int Blocks { get; }
    protected abstract int Parts { get; }
    /// <summary>Bytes of a step of the panel, of the integers of a block, and from the factors of a block to those of the next.</summary>
    protected abstract int StepBytes { get; }
    protected abstract int BlockBytes { get; }
    protected abstract int FactorBytes { get; }
    /// <summary>The greatest byte of the panel.</summary>
    protected abstract int Most { get; }
    /// <summary>There is a minimum; else bytes are too large by half of what they can be.</summary>
    protected abstract bool HasMinimum { get; }

    /// <summary>Four values of k for each of eight outputs, from 0 up; where they <see cref="HaveSigns"/>, 128 less. May use <see cref="Some"/>.</summary>
    /// <param name="to">Where to.</param> <param name="four">0 … 7.</param> <param name="half">Which eight outputs.</param>
    protected abstract void Bytes(AssemblerRegisterYMM to, int four, int half);

    /// <summary>Brings what blocks of a step share, a scale and a minimum, to <see cref="Shared"/>, where there are any. May use <see cref="Some"/>.</summary>
    protected virtual void Share(int half) { }

    /// <summary>Brings scales of eight outputs. May use <see cref="Some"/>.</summary>
    protected abstract void Scales(AssemblerRegisterYMM to, int part, int half);

    /// <summary>Brings minima, where there are any, to where their scales are. May use <see cref="Some"/>.</summary>
    protected abstract void Minima(AssemblerRegisterYMM to, int part, int half);

    /// <summary>The most rows whose sums fit.</summary>
    public int MostRows => !AtOnce ? 8 : HaveSigns ? 5 : 6;

    /// <summary>Sixteen outputs, not eight: they need fewer registers than a piece does.</summary>
    bool AtOnce => HaveSigns || Run == 8 / Parts;

    /// <summary>Bytes are too large for even two products of 16 bits, unless these are of either sign. No format has such bytes and a scale for 16 of them.</summary>
    protected bool HaveSigns => Run == 0;

    /// <summary>How many vectors of products 16 bits hold together, of those that share a scale: a power of two; 0: not even one.</summary>
    int Run
    {
        get
        {
            var run = 8 / Parts;
            while (run * 2 * sbyte.MaxValue * Most > short.MaxValue) run /= 2;
            return run;
        }
    }

    /// <summary>The tile of that many rows, 1 … <see cref="MostRows"/>. steps ≥ 1.</summary>
    public byte[] Assemble(int rows)
    {
        return tile.Assemble(rows, xBytes: 0, StepBytes - Blocks * BlockBytes, perLine: 0, Clear, Load, () => Step(rows), Store);

        void Clear()
        {
            Code.mov(rax, rsp);
            Code.sub(rsp, (rows + 2) * RowTotals + sizeof(ulong));
            Code.and(rsp, -RowTotals);
            Code.mov(__qword_ptr[rsp + (rows + 2) * RowTotals], rax);
            Code.vpxor(Some, Some, Some);
            for (var n = 0; n < 2 * rows; n++)
                if (Total(rows, n / 2, n % 2) is { } total) Code.vmovaps(total, Some);
                else Code.vmovups(Memory(2 + n / 2, n % 2), Some);
        }

        void Load(int row, AssemblerRegister64 y)
        {
            for (var half = 0; half < 2; half++)
            {
                Code.vmovups(Total(rows, row, half) ?? Some, __ymmword_ptr[y + half * VectorBytes]);
                if (Total(rows, row, half) is null) Code.vmovups(Memory(2 + row, half), Some);
            }
        }

        void Store(int row, AssemblerRegister64 y)
        {
            for (var half = 0; half < 2; half++)
            {
                if (Total(rows, row, half) is null) Code.vmovups(Some, Memory(2 + row, half));
                Code.vmovups(__ymmword_ptr[y + half * VectorBytes], Total(rows, row, half) ?? Some);
            }
            if (row == rows - 1) Code.mov(rsp, __qword_ptr[rsp + (rows + 2) * RowTotals]);
        }
    }

    /// <summary>The register of a total, where there are enough; else it is in <see cref="Memory"/>.</summary>
    AssemblerRegisterYMM? Total(int rows, int row, int half) => rows > 2 ? null : ymm[7 - 2 * row - half];

    /// <summary>What blocks of a step share, of eight outputs: a scale, or a minimum.</summary>
    protected static AssemblerMemoryOperand Shared(bool minimum, int half) => Memory(minimum ? 1 : 0, half);

    /// <summary>Of the stack: what is shared, then the totals of each row.</summary>
    static AssemblerMemoryOperand Memory(int line, int half) => __ymmword_ptr[rsp + line * RowTotals + half * VectorBytes];

    int XBytes(int rows) => rows * QuantPanel.RowBlockBytes(Parts == 2);

    void Step(int rows)
    {
        for (var half = 0; half < 2; half++) Share(half);
        for (var half = 0; half < 2; half += AtOnce ? 2 : 1)
        {
            if (half == 1)
            {
                Code.sub(tile.X, Blocks * XBytes(rows));
                Code.sub(tile.Panel, Blocks * BlockBytes);
            }
            Code.mov(FactorsFrom, tile.Panel);
            Code.mov(tile.Counter, Blocks);
            var block = Code.CreateLabel();
            Code.Label(ref block);
            for (var part = 0; part < Parts; part++)
            {
                if (!AtOnce) Pieces(rows, part, half);
                else if (HaveSigns) Signed(rows);
                else Whole(rows, part);
                Fold(rows, part, half, AtOnce ? 2 : half + 1);
            }
            Code.add(tile.X, XBytes(rows));
            Code.add(tile.Panel, BlockBytes);
            Code.add(FactorsFrom, FactorBytes);
            Code.dec(tile.Counter);
            Code.jne(block);
        }
    }

    AssemblerMemoryOperand X(int rows, int line, int row) => __dword_ptr[tile.X + (line * rows + row) * sizeof(int)];

    /// <summary>The integer sum of eight outputs.</summary>
    AssemblerRegisterYMM Sum(int row, int half) => AtOnce ? ymm[2 * row + half] : ymm[row];

    /// <summary>The values of k that share a scale, summed in 16 bits to the end.</summary>
    void Whole(int rows, int part)
    {
        int fours = 8 / Parts, first = part * fours;
        for (var four = first; four < first + fours; four++)
        {
            for (var half = 0; half < 2; half++) Load(bytes[half], four, half);
            for (var r = 0; r < rows; r++)
            {
                Code.vpbroadcastd(Some, X(rows, four, r));
                for (var half = 0; half < 2; half++)
                {
                    var sum = Sum(r, half);
                    var to = four == first ? sum : half == 0 ? Other : Some;
                    Code.vpmaddubsw(to, bytes[half], Some);
                    if (four > first) Code.vpaddw(sum, sum, to);
                }
            }
        }
        for (var r = 0; r < rows; r++)
        {
            if (!HasMinimum) Code.vpbroadcastd(Some, X(rows, 9, r));          // -8 times the sum of x
            for (var half = 0; half < 2; half++)
            {
                Code.vpmaddwd(Sum(r, half), Sum(r, half), Tile.Constant(0x00010001));
                if (!HasMinimum) Code.vpaddd(Sum(r, half), Sum(r, half), Some);
            }
        }
    }

    /// <summary>Bytes' signs go to x, and how large they are times that is never more than 16 bits hold for two: 2 · 128 · 127 &lt; 2^15.</summary>
    void Signed(int rows)
    {
        for (var four = 0; four < 8; four++)
        {
            for (var half = 0; half < 2; half++)
            {
                Load(signed[half], four, half);
                Code.vpabsb(large[half], signed[half]);
            }
            for (var r = 0; r < rows; r++)
            {
                Code.vpbroadcastd(Some, X(rows, four, r));
                for (var half = 0; half < 2; half++)
                {
                    var x = half == 0 ? Other : Some;
                    Code.vpsignb(x, Some, signed[half]);
                    Code.vpmaddubsw(x, large[half], x);
                    Add(Sum(r, half), x, four > 0);
                }
            }
        }
        for (var r = 0; r < rows && HasMinimum; r++)
        {
            Code.vpbroadcastd(Some, X(rows, 9, r));
            Code.vpslld(Some, Some, 4);
            for (var half = 0; half < 2; half++) Code.vpsubd(Sum(r, half), Sum(r, half), Some);
        }
    }

    /// <summary>As much as 16 bits hold; pieces in 32.</summary>
    void Pieces(int rows, int part, int half)
    {
        int fours = 8 / Parts, first = part * fours;
        for (var four = first; four < first + fours; four += Run)
        {
            for (var i = 0; i < Run; i++) Load(piece[i], four + i, half);
            for (var r = 0; r < rows; r++)
            {
                for (var i = 0; i < Run; i++)
                {
                    var x = i == 0 ? Other : Some;
                    Code.vpbroadcastd(x, X(rows, four + i, r));
                    Code.vpmaddubsw(x, piece[i], x);
                    if (i > 0) Code.vpaddw(Other, Other, Some);
                }
                Add(Sum(r, half), Other, four > first);
            }
        }
        for (var r = 0; r < rows && !HasMinimum; r++)
        {
            Code.vpbroadcastd(Some, X(rows, 9, r));
            Code.vpaddd(Sum(r, half), Sum(r, half), Some);
        }
    }

    /// <summary>sum (+)= pairs of 16 bits, which are lost.</summary>
    void Add(AssemblerRegisterYMM sum, AssemblerRegisterYMM pairs, bool add)
    {
        Code.vpmaddwd(add ? pairs : sum, pairs, Tile.Constant(0x00010001));
        if (add) Code.vpaddd(sum, sum, pairs);
    }

    /// <summary>Brings bytes, and asks memory for a line of the panel further on: one at a time, before it is first needed.</summary>
    void Load(AssemblerRegisterYMM to, int four, int half)
    {
        const int Line = 64, Prefetch = 4096;
        if (half == 0 && four * Line < BlockBytes) Code.prefetcht1(__byte_ptr[tile.Panel + Prefetch + four * Line]);
        Bytes(to, four, half);
    }

    /// <summary>total += sum · (scale · x's scale), then minimum · x's sum where there is one.</summary>
    void Fold(int rows, int part, int from, int to)
    {
        for (var half = from; half < to; half++) Scales(factors[half], part, half);
        for (var r = 0; r < rows; r++)
        {
            Code.vbroadcastss(Some, X(rows, 8 + part, r));
            for (var half = from; half < to; half++)
            {
                var (sum, scale) = (Sum(r, half), half == to - 1 ? Some : Other);
                Code.vmulps(scale, factors[half], Some);
                Code.vcvtdq2ps(sum, sum);
                if (Total(rows, r, half) is { } total) Code.vfmadd231ps(total, sum, scale);
                else Code.vfmadd213ps(sum, scale, Memory(2 + r, half));
                if (!HasMinimum) Keep(r, half);
            }
        }
        if (!HasMinimum) return;
        for (var half = from; half < to; half++) Minima(factors[half], part, half);
        for (var r = 0; r < rows; r++)
        {
            Code.vbroadcastss(Some, X(rows, 10 + part, r));
            for (var half = from; half < to; half++)
            {
                Code.vfmadd231ps(Total(rows, r, half) ?? Sum(r, half), factors[half], Some);
                Keep(r, half);
            }
        }

        void Keep(int row, int half)
        {
            if (Total(rows, row, half) is null) Code.vmovups(Memory(2 + row, half), Sum(row, half));
        }
    }
}
