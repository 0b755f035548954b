using System.Runtime.Intrinsics;
using Dayu.Tensors;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void RopeAngles(Tensor y, Tensor positions, Tensor frequencies, float magnitude) =>
        Rows(new RopeAnglesRow(Out(y), Ints(positions), Floats(frequencies), frequencies.Width, magnitude), y.Rows, 100L * y.Width);

    /// <inheritdoc/>
    public override void Rope(Tensor y, Tensor x, Tensor angles, RopeSpec spec, int direction, bool add) =>
        Rows(new RopeRow(Out(y), Floats(x), Floats(angles), x.Width, spec, direction, add), x.Rows, 2L * x.Width);

    readonly struct RopeAnglesRow(float* y, int* positions, float* frequencies, int pairs, float magnitude) : IRow
    {
        public void At(int r)
        {
            var own = y + (long)r * 2 * pairs;
            for (var i = 0; i < pairs; i++)
            {
                var (sin, cos) = Math.SinCos(positions[r] * frequencies[i]);         // the product in float32
                (own[i], own[pairs + i]) = ((float)(cos * magnitude), (float)(sin * magnitude));
            }
        }
    }

    readonly struct RopeRow(float* y, float* x, float* angles, int width, RopeSpec spec, int direction, bool add) : IRow
    {
        readonly int head = spec.HeadWidth, pairs = spec.Width / 2;
        readonly bool interleaved = spec.Interleaved;

        public void At(int r)
        {
            float* from = x + (long)r * width, to = y + (long)r * width, cos = angles + (long)r * 2 * pairs;
            for (var h = 0; h < width; h += head, from += head, to += head)
            {
                if (interleaved) for (var i = 0; i < pairs; i++) Rotate(from, to, 2 * i, 2 * i + 1, cos[i], cos[pairs + i]);
                else Halves(from, to, cos);
                for (var i = 2 * pairs; i < head; i++) to[i] = add ? to[i] + from[i] : from[i];
            }
        }

        void Halves(float* from, float* to, float* cos)
        {
            var i = 0;
            for (; i + 16 <= pairs; i += 16)
            {
                var (a, b) = (Vector512.Load(from + i), Vector512.Load(from + pairs + i));
                var (c, s) = (Vector512.Load(cos + i), Vector512.Load(cos + pairs + i) * direction);
                var (p, q) = (a * c - b * s, a * s + b * c);
                if (add) (p, q) = (p + Vector512.Load(to + i), q + Vector512.Load(to + pairs + i));
                p.Store(to + i);
                q.Store(to + pairs + i);
            }
            for (; i < pairs; i++) Rotate(from, to, i, pairs + i, cos[i], cos[pairs + i]);
        }

        void Rotate(float* from, float* to, int a, int b, float cos, float sin)
        {
            sin *= direction;
            var (p, q) = (from[a] * cos - from[b] * sin, from[a] * sin + from[b] * cos);
            (to[a], to[b]) = add ? (to[a] + p, to[b] + q) : (p, q);
        }
    }
}
