using System.Runtime.Intrinsics;
using Dayu.Tensors;
using static Dayu.Cpu.Simd;
using static Dayu.Tensors.Exponential;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Dayu.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public override void KlDivergence(Tensor loss, Tensor lse, in KlDivergenceOf of)
    {
        var (rows, width) = (of.Student.Rows, of.Student.Width);
        var own = loss.Arena.New(rows);                              // each row's own, added up in order
        Rows(new KlDivergenceRow(Out(own), Out(lse), Floats(of.Student), Floats(of.Teacher), width, 1 / of.Temperature), rows, 6L * width);
        var sum = 0.0;
        for (var t = 0; t < rows; t++) sum += (double)Floats(of.Weights)[t] * Floats(own)[t];
        Out(loss)[0] = (float)(sum * of.Temperature * of.Temperature);
    }

    /// <inheritdoc/>
    public override void KlDivergenceBackward(Tensor dstudent, Tensor dloss, Tensor lse, in KlDivergenceOf of) =>
        Rows(new KlDivergenceBackwardRow(Out(dstudent), Floats(of.Student), Floats(of.Teacher), Floats(lse), Floats(of.Weights),
            of.Student.Width, 1 / of.Temperature, Floats(dloss)[0] * of.Temperature), of.Student.Rows, 6L * of.Student.Width);

    readonly struct KlDivergenceRow(float* divergence, float* lse, float* student, float* teacher, int width, float cold) : IRow
    {
        public void At(int r)
        {
            float* own = student + (long)r * width, other = teacher + (long)r * width, logs = lse + 2L * r;
            (logs[0], logs[1]) = (LogSumExp(own), LogSumExp(other));
            var (sum, by, difference) = (V.Zero, Vector512.Create(cold), Vector512.Create(logs[0] - logs[1]));
            for (var i = 0; i < width; i += 16)
            {
                var teacher = Load(other + i, width - i, float.NegativeInfinity) * by;
                var p = Exp(teacher - Vector512.Create(logs[1]));
                // where p is 0 nothing is missing, however unlikely it is to the student
                var missing = teacher - Load(own + i, width - i) * by + difference;
                sum += Vector512.ConditionalSelect(Vector512.GreaterThan(p, V.Zero), p * missing, V.Zero);
            }
            divergence[r] = Sum(sum);
        }

        float LogSumExp(float* x)
        {
            var max = MaxOf(x, width) * cold;
            var sum = V.Zero;
            for (var i = 0; i < width; i += 16)
                sum += Exp(Load(x + i, width - i, float.NegativeInfinity) * Vector512.Create(cold) - Vector512.Create(max));
            return (float)(max + Math.Log(Sum(sum)));
        }
    }

    readonly struct KlDivergenceBackwardRow(
        float* dx, float* student, float* teacher, float* lse, float* weights, int width, float cold, float factor) : IRow
    {
        public void At(int r)
        {
            float* own = student + (long)r * width, other = teacher + (long)r * width, to = dx + (long)r * width, logs = lse + 2L * r;
            var (by, scale) = (Vector512.Create(cold), Vector512.Create(factor * weights[r]));
            for (var i = 0; i < width; i += 16)
            {
                var q = Exp(Load(own + i, width - i) * by - Vector512.Create(logs[0]));
                var p = Exp(Load(other + i, width - i) * by - Vector512.Create(logs[1]));
                Store(Fma(q - p, scale, Load(to + i, width - i)), to + i, width - i);
            }
        }
    }
}
