using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Dayu.Cpu;

/// <summary>
/// The frame of an emitted tile: a function of (steps, x, panel, y, stride of y, whether the sums start from y) in the system's calling
/// convention, with a loop over steps of k between loading and storing the sums. All arguments are in registers that either convention
/// lets a function overwrite; a body may use all of zmm0 … zmm31.
/// </summary>
internal sealed class TileAssembler
{
    static readonly AssemblerRegisterZMM[] zmm =
    [
        zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15,
        zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31,
    ];

    readonly bool windows = OperatingSystem.IsWindows();
    readonly AssemblerRegister64 steps, stride, resume;
    readonly Dictionary<Vector256<byte>, Label> constants = [];

    public TileAssembler()
    {
        // System V AMD64: rdi rsi rdx rcx r8 r9. Microsoft x64: rcx rdx r8 r9, then the stack, above the return address and 32 bytes.
        (steps, X, Panel, Y, stride, resume) = windows ? (rcx, rdx, r8, r9, r10, r11) : (rdi, rsi, rdx, rcx, r8, r9);
        if (!windows) return;
        Code.mov(stride, __qword_ptr[rsp + 40]);
        Code.mov(resume, __qword_ptr[rsp + 48]);
        Code.sub(rsp, 168);
        for (var i = 6; i < 16; i++) Code.vmovups(__xmmword_ptr[rsp + 16 * (i - 6)], Xmm(i));
    }

    public Assembler Code { get; } = new(64);

    /// <summary>Address of the step of packed x.</summary>
    public AssemblerRegister64 X { get; }

    /// <summary>Address of the step of the panel.</summary>
    public AssemblerRegister64 Panel { get; }

    AssemblerRegister64 Y { get; }

    /// <summary>Free for the body to use, as rax is.</summary>
    public AssemblerRegister64 Counter => resume;

    /// <summary>A vector register.</summary>
    public static AssemblerRegisterZMM Zmm(int i) => zmm[i];

    static AssemblerRegisterXMM Xmm(int i) => i switch
    {
        6 => xmm6, 7 => xmm7, 8 => xmm8, 9 => xmm9, 10 => xmm10, 11 => xmm11, 12 => xmm12, 13 => xmm13, 14 => xmm14, _ => xmm15,
    };

    /// <summary>
    /// The whole function with sums in registers: <paramref name="vectors"/> for each of <paramref name="rows"/> rows, from
    /// zmm[<paramref name="first"/>] on.
    /// </summary>
    /// <inheritdoc cref="Assemble(int, int, int, int, Action, Move, Action, Move)"/>
    public byte[] Assemble(int first, int rows, int vectors, int xBytes, int panelBytes, int perLine, Action body)
    {
        return Assemble(rows, xBytes, panelBytes, perLine, Clear, Load, body, Store);

        void Clear()
        {
            for (var i = first; i < first + rows * vectors; i++) Code.vpxord(Zmm(i), Zmm(i), Zmm(i));
        }

        void Load(int row, AssemblerRegister64 y)
        {
            for (var v = 0; v < vectors; v++) Code.vmovups(Zmm(first + row * vectors + v), __zmmword_ptr[y + 64 * v]);
        }

        void Store(int row, AssemblerRegister64 y)
        {
            for (var v = 0; v < vectors; v++) Code.vmovups(__zmmword_ptr[y + 64 * v], Zmm(first + row * vectors + v));
        }
    }

    /// <summary>Loads the sums of a row from y, or stores them.</summary>
    public delegate void Move(int row, AssemblerRegister64 y);

    /// <summary>The whole function: the sums are cleared, or loaded from y; the body adds a step to them; they are stored.</summary>
    /// <param name="rows">Rows of x.</param>
    /// <param name="xBytes">Bytes of x the loop advances by in a step.</param>
    /// <param name="panelBytes">Bytes of the panel the loop advances by in a step.</param>
    /// <param name="perLine">
    /// Multiplications for each 64 bytes of the panel. If they are many, the processor has so much in flight that its hardware
    /// prefetcher does not keep up, and the panel is prefetched.
    /// </param>
    /// <param name="clear">Clears the sums.</param>
    /// <param name="load">Loads the sums of a row.</param>
    /// <param name="body">Adds a step to the sums.</param>
    /// <param name="store">Stores the sums of a row.</param>
    public byte[] Assemble(int rows, int xBytes, int panelBytes, int perLine, Action clear, Move load, Action body, Move store)
    {
        const int Many = 6, Prefetch = 8192;
        var step = Code.CreateLabel();
        Code.shl(stride, 2);
        if (rows > 1)                                                     // rows of y lie far apart: prefetch them for the stores
        {
            Code.mov(rax, Y);
            EachRow(rows, rax, (_, y) => Code.prefetcht0(__byte_ptr[y]));
        }
        clear();
        Code.test(resume, resume);
        Code.je(step);
        Code.mov(rax, Y);
        EachRow(rows, rax, load);
        Code.Label(ref step);
        for (var line = 0; line < panelBytes && perLine >= Many; line += 64)
            Code.prefetcht1(__byte_ptr[Panel + Prefetch + line]);
        body();
        Code.add(X, xBytes);
        Code.add(Panel, panelBytes);
        Code.dec(steps);
        Code.jne(step);
        EachRow(rows, Y, store);
        Code.vzeroupper();
        if (windows)
        {
            for (var i = 6; i < 16; i++) Code.vmovups(Xmm(i), __xmmword_ptr[rsp + 16 * (i - 6)]);
            Code.add(rsp, 168);
        }
        Code.ret();
        foreach (var (bytes, label) in constants)
        {
            var here = label;
            Code.Label(ref here);
            Code.db(MemoryMarshal.AsBytes(new ReadOnlySpan<Vector256<byte>>(in bytes)).ToArray());
        }
        var stream = new MemoryStream();
        Code.Assemble(new StreamCodeWriter(stream), 0);
        return stream.ToArray();
    }

    /// <summary>Thirty-two bytes behind the code that repeat these four.</summary>
    public AssemblerMemoryOperand Constant(uint value) => Constant(Vector256.Create(value).AsByte());

    /// <summary>Thirty-two bytes behind the code.</summary>
    public AssemblerMemoryOperand Constant(Vector256<byte> value)
    {
        if (!constants.TryGetValue(value, out var label)) constants.Add(value, label = Code.CreateLabel());
        return __ymmword_ptr[label];
    }

    void EachRow(int rows, AssemblerRegister64 row, Move move)
    {
        for (var r = 0; r < rows; r++)
        {
            move(r, row);
            if (r < rows - 1) Code.add(row, stride);
        }
    }
}
