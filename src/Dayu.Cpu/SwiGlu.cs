using Dayu.Tensors;
using static Dayu.Cpu.Simd;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <summary>In one pass over gate and up.</summary>
    public override Tensor SwiGlu(Tensor gate, Tensor up)
    {
        var y = gate.Like();
        Each(new SwiGluEach(Out(y), Floats(gate), Floats(up)), y.Shape.Count);
        return y.Follows(gate, up) ? y.Records(SwiGluBackward(gate, up)) : y;
    }

    Action<Tensor> SwiGluBackward(Tensor gate, Tensor up) => dy => Each(
        new SwiGluBackwardEach(OutOrNull(gate.GradOrNull), OutOrNull(up.GradOrNull), Floats(dy), Floats(gate), Floats(up)),
        dy.Shape.Count);

    readonly struct SwiGluEach(float* y, float* gate, float* up) : IEach
    {
        public void At(long i, long n)
        {
            Store(Silu.F(Load(gate + i, n)) * Load(up + i, n), y + i, n);
        }
    }

    readonly struct SwiGluBackwardEach(float* dgate, float* dup, float* dy, float* gate, float* up) : IEach
    {
        public void At(long i, long n)
        {
            var (d, g) = (Load(dy + i, n), Load(gate + i, n));
            if (dup != null) Store(Fma(d, Silu.F(g), Load(dup + i, n)), dup + i, n);
            if (dgate != null) Store(Fma(d * Load(up + i, n), Silu.D(g), Load(dgate + i, n)), dgate + i, n);
        }
    }
}
