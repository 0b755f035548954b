using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>
/// A quantised tile in AVX2, which has 16 registers and no instruction that sums four products of bytes: products of panel bytes and
/// x bytes are added in pairs of 16 bits for as long as 16 bits hold them. If registers allow, all sixteen outputs of a panel are
/// multiplied by x at once, else eight and then the other eight. Totals lie on the stack, those of up to two rows in registers.
/// Blocks of a step are a loop: unrolled, the code of many rows would not fit the instruction cache.
/// Integer sums are exact, and are added to the totals by the same operations in the same order as in C#, so the bits are those of
/// <see cref="QuantTile"/>.
/// </summary>
/// <remarks>Sums are in registers from ymm0 on, totals in ymm7 and below; the other registers are temporary.</remarks>
internal abstract class Avx2Assembler
{
    const int VectorBytes = 32, RowTotals = QuantPanel.Columns * sizeof(float);

    static readonly AssemblerRegisterYMM[] ymm =
    [
        ymm0, ymm1, ymm2, ymm3, ymm4, ymm5, ymm6, ymm7, ymm8, ymm9, ymm10, ymm11, ymm12, ymm13, ymm14, ymm15,
    ];

    /// <summary>Bytes of the panel for each half of its outputs: as they are; signed, and their magnitudes.</summary>
    static readonly AssemblerRegisterYMM[] bytes = [ymm12, ymm13], signed = [ymm10, ymm11], magnitudes = [ymm12, ymm13];

    /// <summary>Bytes whose products 16 bits hold together (<see cref="Run"/>).</summary>
    static readonly AssemblerRegisterYMM[] run = [ymm8, ymm9, ymm12, ymm13];

    /// <summary>Scales, then minima, for each half of the outputs.</summary>
    static readonly AssemblerRegisterYMM[] factors = [ymm12, ymm13];

    /// <summary>Temporary registers.</summary>
    protected static readonly AssemblerRegisterYMM Temp = ymm14, Temp2 = ymm15;

    readonly TileAssembler tile = new();

    protected TileAssembler Tile => tile;
    protected Assembler Code => tile.Code;

    /// <summary>Where the step begins, and <see cref="FactorBytes"/> further on for each of its blocks.</summary>
    protected static AssemblerRegister64 FactorsFrom => rax;

    /// <summary>Blocks of 32 values in a step.</summary>
    protected abstract int Blocks { get; }

    /// <summary>Groups of a block that have a scale each.</summary>
    protected abstract int Groups { get; }

    /// <summary>Bytes of a step of the panel.</summary>
    protected abstract int StepBytes { get; }

    /// <summary>Bytes of the integers of a block.</summary>
    protected abstract int BlockBytes { get; }

    /// <summary>Bytes from the factors of a block to those of the next.</summary>
    protected abstract int FactorBytes { get; }

    /// <summary>The greatest byte of the panel.</summary>
    protected abstract int Most { get; }

    /// <summary>Whether there is a minimum; else bytes are stored with half their range added.</summary>
    protected abstract bool HasMinimum { get; }

    // What a panel format owes; each of these methods may use Temp.

    /// <summary>Loads four values of k for each of eight outputs, from 0 up; less 128 if <see cref="HaveSigns"/>.</summary>
    /// <param name="to">Register to load.</param>
    /// <param name="four">Which four values, 0 … 7.</param>
    /// <param name="half">Which eight outputs.</param>
    protected abstract void Bytes(AssemblerRegisterYMM to, int four, int half);

    /// <summary>Loads the scale and minimum that blocks of a step share, if any, to <see cref="Shared"/>.</summary>
    protected virtual void Share(int half) { }

    /// <summary>Loads the scales of eight outputs.</summary>
    protected abstract void Scales(AssemblerRegisterYMM to, int group, int half);

    /// <summary>Loads the minima of eight outputs, if any; the register holds their scales.</summary>
    protected abstract void Minima(AssemblerRegisterYMM to, int group, int half);

    /// <summary>The most rows whose sums fit.</summary>
    public int MostRows => !AtOnce ? 8 : HaveSigns ? 5 : 6;

    /// <summary>Whether sixteen outputs are multiplied at once; runs of several vectors need too many registers for that.</summary>
    bool AtOnce => HaveSigns || Run == 8 / Groups;

    /// <summary>
    /// Whether bytes are signed, because 16 bits do not hold even two products of unsigned ones. No format has such bytes and a scale
    /// for 16 of them.
    /// </summary>
    protected bool HaveSigns => Run == 0;

    /// <summary>
    /// How many vectors of products under one scale 16 bits hold together: a power of two; 0 if not even one.
    /// </summary>
    int Run
    {
        get
        {
            var run = 8 / Groups;
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
            Code.vpxor(Temp, Temp, Temp);
            for (var n = 0; n < 2 * rows; n++)
                if (Total(rows, n / 2, n % 2) is { } total) Code.vmovaps(total, Temp);
                else Code.vmovups(Memory(2 + n / 2, n % 2), Temp);
        }

        void Load(int row, AssemblerRegister64 y)
        {
            for (var half = 0; half < 2; half++)
            {
                Code.vmovups(Total(rows, row, half) ?? Temp, __ymmword_ptr[y + half * VectorBytes]);
                if (Total(rows, row, half) is null) Code.vmovups(Memory(2 + row, half), Temp);
            }
        }

        void Store(int row, AssemblerRegister64 y)
        {
            for (var half = 0; half < 2; half++)
            {
                if (Total(rows, row, half) is null) Code.vmovups(Temp, Memory(2 + row, half));
                Code.vmovups(__ymmword_ptr[y + half * VectorBytes], Total(rows, row, half) ?? Temp);
            }
            if (row == rows - 1) Code.mov(rsp, __qword_ptr[rsp + (rows + 2) * RowTotals]);
        }
    }

    /// <summary>The register of a total, if there are enough; else it is on the stack (<see cref="Memory"/>).</summary>
    AssemblerRegisterYMM? Total(int rows, int row, int half) => rows > 2 ? null : ymm[7 - 2 * row - half];

    /// <summary>The scale or the minimum that blocks of a step share, for eight outputs.</summary>
    protected static AssemblerMemoryOperand Shared(bool minimum, int half) => Memory(minimum ? 1 : 0, half);

    /// <summary>The stack: shared scales, shared minima, then the totals of each row.</summary>
    static AssemblerMemoryOperand Memory(int line, int half) => __ymmword_ptr[rsp + line * RowTotals + half * VectorBytes];

    int XBytes(int rows) => rows * QuantPanel.RowBlockBytes(Groups == 2);

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
            for (var group = 0; group < Groups; group++)
            {
                if (!AtOnce) Runs(rows, group, half);
                else if (HaveSigns) Signed(rows);
                else Whole(rows, group);
                Accumulate(rows, group, half, AtOnce ? 2 : half + 1);
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

    /// <summary>Sums all values of k that share a scale in 16 bits.</summary>
    void Whole(int rows, int group)
    {
        int fours = 8 / Groups, first = group * fours;
        for (var four = first; four < first + fours; four++)
        {
            for (var half = 0; half < 2; half++) Load(bytes[half], four, half);
            for (var r = 0; r < rows; r++)
            {
                Code.vpbroadcastd(Temp, X(rows, four, r));
                for (var half = 0; half < 2; half++)
                {
                    var sum = Sum(r, half);
                    var to = four == first ? sum : half == 0 ? Temp2 : Temp;
                    Code.vpmaddubsw(to, bytes[half], Temp);
                    if (four > first) Code.vpaddw(sum, sum, to);
                }
            }
        }
        for (var r = 0; r < rows; r++)
        {
            if (!HasMinimum) Code.vpbroadcastd(Temp, X(rows, 9, r));          // -8 times the sum of x
            for (var half = 0; half < 2; half++)
            {
                Code.vpmaddwd(Sum(r, half), Sum(r, half), Tile.Constant(0x00010001));
                if (!HasMinimum) Code.vpaddd(Sum(r, half), Sum(r, half), Temp);
            }
        }
    }

    /// <summary>
    /// Moves the signs of panel bytes to x, so that 16 bits hold two products with their magnitudes: 2 · 128 · 127 &lt; 2^15.
    /// </summary>
    void Signed(int rows)
    {
        for (var four = 0; four < 8; four++)
        {
            for (var half = 0; half < 2; half++)
            {
                Load(signed[half], four, half);
                Code.vpabsb(magnitudes[half], signed[half]);
            }
            for (var r = 0; r < rows; r++)
            {
                Code.vpbroadcastd(Temp, X(rows, four, r));
                for (var half = 0; half < 2; half++)
                {
                    var x = half == 0 ? Temp2 : Temp;
                    Code.vpsignb(x, Temp, signed[half]);
                    Code.vpmaddubsw(x, magnitudes[half], x);
                    Add(Sum(r, half), x, four > 0);
                }
            }
        }
        for (var r = 0; r < rows && HasMinimum; r++)
        {
            Code.vpbroadcastd(Temp, X(rows, 9, r));
            Code.vpslld(Temp, Temp, 4);
            for (var half = 0; half < 2; half++) Code.vpsubd(Sum(r, half), Sum(r, half), Temp);
        }
    }

    /// <summary>Sums runs in 16 bits, for as long as these hold them, and runs in 32.</summary>
    void Runs(int rows, int group, int half)
    {
        int fours = 8 / Groups, first = group * fours;
        for (var four = first; four < first + fours; four += Run)
        {
            for (var i = 0; i < Run; i++) Load(run[i], four + i, half);
            for (var r = 0; r < rows; r++)
            {
                for (var i = 0; i < Run; i++)
                {
                    var x = i == 0 ? Temp2 : Temp;
                    Code.vpbroadcastd(x, X(rows, four + i, r));
                    Code.vpmaddubsw(x, run[i], x);
                    if (i > 0) Code.vpaddw(Temp2, Temp2, Temp);
                }
                Add(Sum(r, half), Temp2, four > first);
            }
        }
        for (var r = 0; r < rows && !HasMinimum; r++)
        {
            Code.vpbroadcastd(Temp, X(rows, 9, r));
            Code.vpaddd(Sum(r, half), Sum(r, half), Temp);
        }
    }

    /// <summary>sum = or += pairs of 16-bit sums, which are overwritten.</summary>
    void Add(AssemblerRegisterYMM sum, AssemblerRegisterYMM pairs, bool add)
    {
        Code.vpmaddwd(add ? pairs : sum, pairs, Tile.Constant(0x00010001));
        if (add) Code.vpaddd(sum, sum, pairs);
    }

    /// <summary>Loads bytes, and prefetches a line of the panel further on: one at a time is faster than in bursts.</summary>
    void Load(AssemblerRegisterYMM to, int four, int half)
    {
        const int Line = 64, Prefetch = 4096;
        if (half == 0 && four * Line < BlockBytes) Code.prefetcht1(__byte_ptr[tile.Panel + Prefetch + four * Line]);
        Bytes(to, four, half);
    }

    /// <summary>total += sum · (scale · x's scale), then minimum · x's sum where there is one.</summary>
    void Accumulate(int rows, int group, int from, int to)
    {
        for (var half = from; half < to; half++) Scales(factors[half], group, half);
        for (var r = 0; r < rows; r++)
        {
            Code.vbroadcastss(Temp, X(rows, 8 + group, r));
            for (var half = from; half < to; half++)
            {
                var (sum, scale) = (Sum(r, half), half == to - 1 ? Temp : Temp2);
                Code.vmulps(scale, factors[half], Temp);
                Code.vcvtdq2ps(sum, sum);
                if (Total(rows, r, half) is { } total) Code.vfmadd231ps(total, sum, scale);
                else Code.vfmadd213ps(sum, scale, Memory(2 + r, half));
                if (!HasMinimum) Keep(r, half);
            }
        }
        if (!HasMinimum) return;
        for (var half = from; half < to; half++) Minima(factors[half], group, half);
        for (var r = 0; r < rows; r++)
        {
            Code.vbroadcastss(Temp, X(rows, 10 + group, r));
            for (var half = from; half < to; half++)
            {
                Code.vfmadd231ps(Total(rows, r, half) ?? Sum(r, half), factors[half], Temp);
                Keep(r, half);
            }
        }

        void Keep(int row, int half)
        {
            if (Total(rows, row, half) is null) Code.vmovups(Memory(2 + row, half), Sum(row, half));
        }
    }
}
