using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void KlDivergence(Tensor loss, Tensor lse, in KlDivergenceOf of)
    {
        var (sum, heat) = (0.0, (double)of.Temperature);
        for (var t = 0; t < of.Student.Rows; t++)
        {
            float[] student = [.. Read(of.Student, t)], teacher = [.. Read(of.Teacher, t)];
            for (var v = 0; v < student.Length; v++) (student[v], teacher[v]) = (student[v] / of.Temperature, teacher[v] / of.Temperature);
            var (ownLse, teacherLse) = (LogSumExp(student), LogSumExp(teacher));
            (Row(lse, t)[0], Row(lse, t)[1]) = ((float)ownLse, (float)teacherLse);
            var divergence = 0.0;
            for (var v = 0; v < student.Length; v++)
                divergence += Math.Exp(teacher[v] - teacherLse) * (teacher[v] - teacherLse - (student[v] - ownLse));
            sum += Read(of.Weights, 0)[t] * heat * heat * divergence;
        }
        Row(loss, 0)[0] = (float)sum;
    }

    /// <inheritdoc/>
    public override void KlDivergenceBackward(Tensor dstudent, Tensor dloss, Tensor lse, in KlDivergenceOf of)
    {
        for (var t = 0; t < of.Student.Rows; t++)
        {
            var factor = (double)Read(dloss, 0)[0] * Read(of.Weights, 0)[t] * of.Temperature;
            for (var v = 0; v < of.Student.Width; v++)
            {
                var q = Math.Exp((double)Read(of.Student, t)[v] / of.Temperature - Read(lse, t)[0]);
                var p = Math.Exp((double)Read(of.Teacher, t)[v] / of.Temperature - Read(lse, t)[1]);
                Row(dstudent, t)[v] += (float)(factor * (q - p));
            }
        }
    }
}
