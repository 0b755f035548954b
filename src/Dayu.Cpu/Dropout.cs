using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void Dropout(Tensor y, Tensor x, float rate, ulong key) =>
        Each(new DropoutEach(Out(y), Floats(x), rate, key), y.Shape.Count);

    readonly struct DropoutEach(float* y, float* x, float rate, ulong key) : IEach
    {
        public void At(long i, long n)
        {
            var drawn = Vector512.Narrow(Draw(i), Draw(i + 8));
            var keep = Vector512.GreaterThanOrEqual(drawn, Vector512.Create((uint)(rate * (1 << 24)))).AsSingle();
            Store(Load(x + i, n) / Vector512.Create(1 - rate) & keep, y + i, n);
        }

        /// <summary>The upper 24 bits of <see cref="CounterRng.Mix(ulong, ulong)"/> for eight values at once.</summary>
        Vector512<ulong> Draw(long i)
        {
            var counted = Vector512<ulong>.Indices + Vector512.Create((ulong)i + 1);
            var z = Vector512.Create(key) + counted * 0x9E3779B97F4A7C15UL;
            z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ z >>> 27) * 0x94D049BB133111EBUL;
            return (z ^ z >>> 31) >>> 40;
        }
    }
}
