using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

/// <summary>The formulas of a cell for 16 units of one sequence at one step; see <see cref="RecurrentCell"/>.</summary>
internal interface ICell
{
    /// <summary>What the cell is.</summary>
    static abstract RecurrentCell Cell { get; }

    /// <summary>The next h; another state is stored.</summary>
    static abstract V Forward(in ForwardUnits u);

    /// <summary>The gradients of the gates from that of h.</summary>
    /// <param name="dh">∂loss/∂h.</param>
    /// <param name="u">What was kept, and where gradients go.</param>
    /// <returns>What flows on to the state before beside the product: to c, or else to h.</returns>
    static abstract V Backward(V dh, in BackwardUnits u);
}

/// <summary>Where 16 units read and write in the forward pass; their vectors of a row lie H apart.</summary>
/// <param name="a">What comes in onto the first gate.</param>
/// <param name="b">The bias beside the product.</param>
/// <param name="product">w·h of the first gate.</param>
/// <param name="stride">From the product of a gate to that of the next.</param>
/// <param name="state">h.</param>
/// <param name="kept">The first vector for the backward pass; null: there is none.</param>
/// <param name="hidden">H.</param>
/// <param name="n">Units left.</param>
internal readonly unsafe struct ForwardUnits(
    float* a, float* b, float* product, nint stride, float* state, float* kept, nint hidden, int n)
{
    public V A(int gate) => Load(a + gate * hidden, n);

    public V B(int gate) => Vector512.Load(product + gate * stride) + Load(b + gate * hidden, n);

    public V State(int i) => Load(state + i * hidden, n);

    public void SetState(int i, V v) => Store(v, state + i * hidden, n);

    public void Keep(int i, V v)
    {
        if (kept != null) Store(v, kept + i * hidden, n);
    }
}

/// <summary>Where 16 units read and write in the backward pass.</summary>
/// <param name="h">After the step.</param>
/// <param name="h0">Before it.</param>
/// <param name="c0">c before it, where there is one.</param>
/// <param name="kept">The first vector kept.</param>
/// <param name="carry">What flowed on beside the product from the step after: to c, or else to h.</param>
/// <param name="dx">Gradient of what comes in onto the first gate; null: none is asked for.</param>
/// <param name="dgates">[gate][S][32]: gradients of the products.</param>
/// <param name="stride">From one gate to the next there.</param>
/// <param name="hidden">H.</param>
/// <param name="n">Units left.</param>
internal readonly unsafe struct BackwardUnits(
    float* h, float* h0, float* c0, float* kept, V carry, float* dx, float* dgates, nint stride, nint hidden, int n)
{
    public V H => Load(h, n);

    public V H0 => Load(h0, n);

    public V C0 => Load(c0, n);

    public V Kept(int i) => Load(kept + i * hidden, n);

    public V Carry => carry;

    /// <summary>The gradient of a gate, of a + b.</summary>
    public void Gradient(int gate, V d) => Gradient(gate, d, d);

    /// <summary>The gradients of a and of b.</summary>
    public void Gradient(int gate, V da, V db)
    {
        db.Store(dgates + gate * stride);
        var to = dx + gate * hidden;
        if (dx != null) Store(Load(to, n) + da, to, n);
    }
}

internal readonly struct RnnCell : ICell
{
    public static RecurrentCell Cell => RecurrentCell.Rnn;

    public static V Forward(in ForwardUnits u) => Tanh.F(u.A(0) + u.B(0));

    public static V Backward(V dh, in BackwardUnits u)
    {
        u.Gradient(0, dh * (V.One - u.H * u.H));
        return V.Zero;
    }
}

internal readonly struct LstmCell : ICell
{
    public static RecurrentCell Cell => RecurrentCell.Lstm;

    public static V Forward(in ForwardUnits u)
    {
        V i = Sigmoid.F(u.A(0) + u.B(0)), f = Sigmoid.F(u.A(1) + u.B(1));
        V g = Tanh.F(u.A(2) + u.B(2)), o = Sigmoid.F(u.A(3) + u.B(3));
        var c = Fma(f, u.State(1), i * g);
        u.SetState(1, c);
        u.Keep(0, i);
        u.Keep(1, f);
        u.Keep(2, g);
        u.Keep(3, o);
        u.Keep(4, c);
        return o * Tanh.F(c);
    }

    public static V Backward(V dh, in BackwardUnits u)
    {
        V i = u.Kept(0), f = u.Kept(1), g = u.Kept(2), o = u.Kept(3), tanh = Tanh.F(u.Kept(4));
        var dc = Fma(dh * o, V.One - tanh * tanh, u.Carry);
        u.Gradient(0, dc * g * i * (V.One - i));
        u.Gradient(1, dc * u.C0 * f * (V.One - f));
        u.Gradient(2, dc * i * (V.One - g * g));
        u.Gradient(3, dh * tanh * o * (V.One - o));
        return dc * f;
    }
}

internal readonly struct GruCell : ICell
{
    public static RecurrentCell Cell => RecurrentCell.Gru;

    public static V Forward(in ForwardUnits u)
    {
        V r = Sigmoid.F(u.A(0) + u.B(0)), z = Sigmoid.F(u.A(1) + u.B(1)), b = u.B(2), n = Tanh.F(Fma(r, b, u.A(2)));
        u.Keep(0, r);
        u.Keep(1, z);
        u.Keep(2, n);
        u.Keep(3, b);
        return Fma(z, u.State(0) - n, n);
    }

    public static V Backward(V dh, in BackwardUnits u)
    {
        V r = u.Kept(0), z = u.Kept(1), n = u.Kept(2), dn = dh * (V.One - z) * (V.One - n * n);
        u.Gradient(0, dn * u.Kept(3) * r * (V.One - r));
        u.Gradient(1, dh * (u.H0 - n) * z * (V.One - z));
        u.Gradient(2, dn, dn * r);
        return dh * z;
    }
}
