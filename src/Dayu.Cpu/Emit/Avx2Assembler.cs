using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>
/// A quantised tile in AVX2, which has no sum of four products of bytes and 16 registers: bytes of the panel times bytes of x are added in pairs of 16 bits as long as these hold them.
/// Eight outputs of all rows are finished for a step before the other eight; totals lie on the stack, those of few rows in registers. Blocks of a step are a loop: written out, the code of many rows would be
/// larger than the processor's cache for it.
/// Integers are exact and are folded into the totals by the same operations in the same order as in C#, so the bits are those of <see cref="QuantTile"/>.
/// </summary>
/// <remarks>The sums of rows are in registers from ymm0 on, totals before ymm8; ymm10 and 11 hold what a step shares; the others are for the moment.</remarks>
internal abstract class Avx2Assembler
{
    const int VectorBytes = 32, RowTotals = QuantPanel.Columns * sizeof(float);

    static readonly AssemblerRegisterYMM[] ymm = [ymm0, ymm1, ymm2, ymm3, ymm4, ymm5, ymm6, ymm7, ymm8, ymm9, ymm10, ymm11, ymm12, ymm13, ymm14, ymm15];

    /// <summary>Bytes of the panel; their high digits; the bytes of a piece.</summary>
    static readonly AssemblerRegisterYMM bytes = ymm12, high = ymm13;
    static readonly AssemblerRegisterYMM[] piece = [ymm8, ymm9, ymm12, ymm13];

    /// <summary>x, products: what is needed for the moment.</summary>
    protected static readonly AssemblerRegisterYMM Some = ymm14, Other = ymm15;

    /// <summary>Of eight outputs.</summary>
    protected static readonly AssemblerRegisterYMM Scale = ymm12, Minimum = ymm13;

    /// <summary>What blocks of a step share: their common scale and minimum.</summary>
    protected static readonly AssemblerRegisterYMM StepScale = ymm10, StepMinimum = ymm11;

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

    /// <summary>Four values of k for each of eight outputs, from 0 up. May use <see cref="Some"/>.</summary>
    /// <param name="to">Where to.</param> <param name="four">0 … 7.</param> <param name="half">Which eight outputs.</param>
    protected abstract void Bytes(AssemblerRegisterYMM to, int four, int half);

    /// <summary>Brings <see cref="StepScale"/> and <see cref="StepMinimum"/> of eight outputs, where there are any.</summary>
    protected virtual void Shared(int half) { }

    /// <summary>Brings <see cref="Scale"/> and <see cref="Minimum"/> of eight outputs. May use <see cref="Some"/> and <see cref="Other"/>.</summary>
    protected abstract void Factors(int part, int half);

    /// <summary>The most rows whose sums fit; bytes of two digits have two.</summary>
    public int MostRows => Run == 0 ? 6 : 8;

    /// <summary>How many vectors of products 16 bits hold together, of those that share a scale: a power of two; 0: not even one, so that the bytes are taken apart into digits of four bits.</summary>
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
            Code.sub(rsp, rows * RowTotals + sizeof(ulong));
            Code.and(rsp, -RowTotals);
            Code.mov(__qword_ptr[rsp + rows * RowTotals], rax);
            Code.vpxor(Some, Some, Some);
            for (var n = 0; n < 2 * rows; n++)
                if (Total(rows, n / 2, n % 2) is { } total) Code.vmovaps(total, Some);
                else Code.vmovups(Memory(n / 2, n % 2), Some);
        }

        void Load(int row, AssemblerRegister64 y)
        {
            for (var half = 0; half < 2; half++)
            {
                Code.vmovups(Total(rows, row, half) ?? Some, __ymmword_ptr[y + half * VectorBytes]);
                if (Total(rows, row, half) is null) Code.vmovups(Memory(row, half), Some);
            }
        }

        void Store(int row, AssemblerRegister64 y)
        {
            for (var half = 0; half < 2; half++)
            {
                if (Total(rows, row, half) is null) Code.vmovups(Some, Memory(row, half));
                Code.vmovups(__ymmword_ptr[y + half * VectorBytes], Total(rows, row, half) ?? Some);
            }
            if (row == rows - 1) Code.mov(rsp, __qword_ptr[rsp + rows * RowTotals]);
        }
    }

    /// <summary>The register of a total, where there are enough; else it is in <see cref="Memory"/>.</summary>
    AssemblerRegisterYMM? Total(int rows, int row, int half) => rows > 2 ? null : ymm[7 - 2 * row - half];

    static AssemblerMemoryOperand Memory(int row, int half) => __ymmword_ptr[rsp + row * RowTotals + half * VectorBytes];

    int XBytes(int rows) => rows * QuantPanel.RowBlockBytes(Parts == 2);

    void Step(int rows)
    {
        for (var half = 0; half < 2; half++)
        {
            Shared(half);
            Code.mov(FactorsFrom, tile.Panel);
            Code.mov(tile.Counter, Blocks);
            var block = Code.CreateLabel();
            Code.Label(ref block);
            for (var part = 0; part < Parts; part++)
            {
                Multiply(rows, part, half, Of);
                Factors(part, half);
                for (var r = 0; r < rows; r++) AddScaled(ymm[r], Total(rows, r, half), Memory(r, half), Of(8 + part, r), Of(10 + part, r));
            }
            Code.add(tile.X, XBytes(rows));
            Code.add(tile.Panel, BlockBytes);
            Code.add(FactorsFrom, FactorBytes);
            Code.dec(tile.Counter);
            Code.jne(block);
            if (half == 1) continue;
            Code.sub(tile.X, Blocks * XBytes(rows));
            Code.sub(tile.Panel, Blocks * BlockBytes);
        }

        AssemblerMemoryOperand Of(int line, int row) => __dword_ptr[tile.X + (line * rows + row) * sizeof(int)];
    }

    /// <summary>The values of k that share a scale: ymm0 … are their integer sums.</summary>
    void Multiply(int rows, int part, int half, Func<int, int, AssemblerMemoryOperand> of)
    {
        int fours = 8 / Parts, first = part * fours, run = Run;
        if (run == 0) Digits();
        else if (run == fours) Whole();
        else for (var four = first; four < first + fours; four += run) Piece(four);
        for (var r = 0; r < rows && !HasMinimum; r++)
        {
            Code.vpbroadcastd(Some, of(9, r));                                // -8 times the sum of x
            if (run == 0) Code.vpslld(Some, Some, 4);
            Code.vpaddd(ymm[r], ymm[r], Some);
        }

        // One sum in 16 bits, to the end.
        void Whole()
        {
            for (var four = first; four < first + fours; four++)
            {
                Load(bytes, four, half);
                for (var r = 0; r < rows; r++)
                {
                    Code.vpbroadcastd(Some, of(four, r));
                    AddProducts(ymm[r], bytes, Some, four > first);
                }
            }
            for (var r = 0; r < rows; r++) Code.vpmaddwd(ymm[r], ymm[r], Tile.Constant(0x00010001));
        }

        // One for each digit; the high ones count sixteen times.
        void Digits()
        {
            for (var four = first; four < first + fours; four++)
            {
                Load(bytes, four, half);
                Code.vpsrlw(high, bytes, 4);
                Code.vpand(bytes, bytes, Tile.Constant(0x0f0f0f0f));
                Code.vpand(high, high, Tile.Constant(0x0f0f0f0f));
                for (var r = 0; r < rows; r++)
                {
                    Code.vpbroadcastd(Other, of(four, r));
                    if (four == first) Code.vpmaddubsw(ymm[r], bytes, Other);
                    else
                    {
                        Code.vpmaddubsw(Some, bytes, Other);
                        Code.vpaddw(ymm[r], ymm[r], Some);
                    }
                    AddProducts(ymm[rows + r], high, Other, four > first);
                }
            }
            for (var r = 0; r < rows; r++)
            {
                Code.vpmaddwd(ymm[r], ymm[r], Tile.Constant(0x00010001));
                Code.vpmaddwd(ymm[rows + r], ymm[rows + r], Tile.Constant(0x00100010));
                Code.vpaddd(ymm[r], ymm[r], ymm[rows + r]);
            }
        }

        // As much as 16 bits hold; pieces in 32.
        void Piece(int four)
        {
            for (var i = 0; i < run; i++) Load(piece[i], four + i, half);
            for (var r = 0; r < rows; r++)
            {
                for (var i = 0; i < run; i++)
                {
                    var x = i == 0 ? Other : Some;
                    Code.vpbroadcastd(x, of(four + i, r));
                    Code.vpmaddubsw(x, piece[i], x);
                    if (i > 0) Code.vpaddw(Other, Other, Some);
                }
                Code.vpmaddwd(four == first ? ymm[r] : Other, Other, Tile.Constant(0x00010001));
                if (four > first) Code.vpaddd(ymm[r], ymm[r], Other);
            }
        }
    }

    /// <summary>Brings bytes, and asks memory for a line of the panel further on: one at a time, before it is first needed.</summary>
    void Load(AssemblerRegisterYMM to, int four, int half)
    {
        const int Line = 64, Ahead = 4096;
        if (half == 0 && four * Line < BlockBytes) Code.prefetcht1(__byte_ptr[tile.Panel + Ahead + four * Line]);
        Bytes(to, four, half);
    }

    /// <summary>sum += bytes · x in pairs of 16 bits; x is lost.</summary>
    void AddProducts(AssemblerRegisterYMM sum, AssemblerRegisterYMM bytes, AssemblerRegisterYMM x, bool add)
    {
        Code.vpmaddubsw(add ? x : sum, bytes, x);
        if (add) Code.vpaddw(sum, sum, x);
    }

    /// <summary>total += sum · (scale · x's scale), then minimum · x's sum where there is one.</summary>
    void AddScaled(AssemblerRegisterYMM sum, AssemblerRegisterYMM? total, AssemblerMemoryOperand memory, AssemblerMemoryOperand scaleOfX, AssemblerMemoryOperand sumOfX)
    {
        Code.vbroadcastss(Some, scaleOfX);
        Code.vmulps(Some, Scale, Some);
        Code.vcvtdq2ps(sum, sum);
        if (total is { } register) Code.vfmadd231ps(register, sum, Some);
        else Code.vfmadd213ps(sum, Some, memory);
        if (HasMinimum)
        {
            Code.vbroadcastss(Other, sumOfX);
            Code.vfmadd231ps(total ?? sum, Minimum, Other);
        }
        if (total is null) Code.vmovups(memory, sum);
    }
}
