namespace Dayu.Tensors;

public static partial class Op
{
    /// <summary>
    /// What a student lacks of its teacher: Σ weight · τ² · KL(softmax(teacher / τ) ‖ softmax(student / τ)). τ² keeps the gradient's size
    /// whatever τ is. Hinton et al. 2015, arXiv:1503.02531, section 2.
    /// </summary>
    /// <param name="student">[T, V]: logits; alone has a gradient.</param>
    /// <param name="teacher">[T, V]: logits.</param>
    /// <param name="weights">[T]: factor on each position's loss; 0: it does not count.</param>
    /// <param name="temperature">τ, above 0.</param>
    /// <returns>[1], in nats.</returns>
    public static Tensor KlDivergence(Tensor student, Tensor teacher, Tensor weights, float temperature = 1)
    {
        Check.Floats("kl divergence", student, teacher, weights);
        Check.Same("kl divergence", student, teacher);
        Check.Width("kl divergence", weights, student.Rows);
        Check.That(temperature > 0 && float.IsFinite(temperature), "kl divergence", $"temperature is {temperature}, expected above 0");
        var (loss, lse) = (student.Arena.New(1), student.Arena.New(student.Rows, 2));    // lse [T, 2]: kept for the backward pass
        var of = new KlDivergenceOf(student, teacher, weights, temperature);
        student.On.KlDivergence(loss, lse, of);
        return loss.Follows(student) ? loss.Records(KlDivergenceBackward(of, lse)) : loss;
    }

    static Action<Tensor> KlDivergenceBackward(KlDivergenceOf of, Tensor lse) => dloss =>
        dloss.On.KlDivergenceBackward(of.Student.Grad, dloss, lse, of);
}

/// <summary>What the divergence is computed of; see <see cref="Op.KlDivergence"/>.</summary>
/// <param name="Student">[T, V]</param>
/// <param name="Teacher">[T, V]</param>
/// <param name="Weights">[T]</param>
/// <param name="Temperature">τ.</param>
public readonly record struct KlDivergenceOf(Tensor Student, Tensor Teacher, Tensor Weights, float Temperature);

public abstract partial class Backend
{
    /// <summary>
    /// lse[t] = log Σ exp(student[t] / τ), and the same of the teacher; loss = Σ weight · τ² · Σ p (log p − log q), with p of the
    /// teacher and q of the student, t ascending.
    /// </summary>
    public abstract void KlDivergence(Tensor loss, Tensor lse, in KlDivergenceOf of);

    /// <summary>dstudent += dloss · weight · τ · (q − p).</summary>
    public abstract void KlDivergenceBackward(Tensor dstudent, Tensor dloss, Tensor lse, in KlDivergenceOf of);
}
