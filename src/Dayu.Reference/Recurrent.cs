using Dayu.Tensors;

namespace Dayu.Reference;

public sealed unsafe partial class ReferenceBackend
{
    /// <inheritdoc/>
    public override void Recurrent(Tensor y, Tensor last, Tensor? kept, in RecurrentOf of)
    {
        var (hidden, rounds) = (of.Hidden, bf16 && of.W.Tensor.DType == DType.F32);
        var w = Rows(of.W, rounds);
        for (var s = 0; s < last.Rows; s++)
        {
            var state = Row(last, s);
            Read(of.State, s).CopyTo(state);
            for (var t = of.Starts[s]; t < of.Starts[s + 1]; t++)
            {
                var h = state[..hidden].ToArray();
                ReadOnlySpan<float> a = Read(of.X, t);
                var b = Products(w, rounds ? Rounded(h) : h, Read(of.B, 0));
                for (var j = 0; j < hidden; j++)
                    switch (of.Cell)
                    {
                        case RecurrentCell.Rnn: state[j] = (float)Math.Tanh(a[j] + b[j]); break;
                        case RecurrentCell.Lstm: Lstm(state, kept is null ? [] : Row(kept, t), a, b, j); break;
                        case RecurrentCell.Gru: Gru(state, kept is null ? [] : Row(kept, t), a, b, j); break;
                    }
                state[..hidden].CopyTo(Row(y, t));
            }
        }
    }

    static void Lstm(Span<float> state, Span<float> kept, ReadOnlySpan<float> a, double[] b, int j)
    {
        var n = state.Length / 2;
        double i = Sigma(a[j] + b[j]), f = Sigma(a[n + j] + b[n + j]);
        double g = Math.Tanh(a[2 * n + j] + b[2 * n + j]), o = Sigma(a[3 * n + j] + b[3 * n + j]);
        var c = f * state[n + j] + i * g;
        (state[j], state[n + j]) = ((float)(o * Math.Tanh(c)), (float)c);
        Keep(kept, n, j, i, f, g, o, c);
    }

    static void Gru(Span<float> state, Span<float> kept, ReadOnlySpan<float> a, double[] b, int j)
    {
        var width = state.Length;
        double r = Sigma(a[j] + b[j]), z = Sigma(a[width + j] + b[width + j]), bn = b[2 * width + j];
        var n = Math.Tanh(a[2 * width + j] + r * bn);
        state[j] = (float)((1 - z) * n + z * state[j]);
        Keep(kept, width, j, r, z, n, bn);
    }

    static void Keep(Span<float> kept, int width, int j, params ReadOnlySpan<double> values)
    {
        if (kept.Length == 0) return;
        for (var v = 0; v < values.Length; v++) kept[v * width + j] = (float)values[v];
    }

    static double Sigma(double x) => 1 / (1 + Math.Exp(-x));

    float[][] Rows(Weight w, bool rounds)
    {
        var rows = new float[w.Out][];
        for (var o = 0; o < rows.Length; o++) rows[o] = Operand(w.Tensor, o, rounds).ToArray();
        return rows;
    }

    static double[] Products(float[][] w, ReadOnlySpan<float> h, ReadOnlySpan<float> bias)
    {
        var y = new double[w.Length];
        for (var o = 0; o < y.Length; o++) y[o] = Dot(w[o], h) + bias[o];
        return y;
    }

    /// <inheritdoc/>
    public override void RecurrentBackward(
        Tensor? dx, Tensor dgates, Tensor? dstate, Tensor dy, Tensor y, Tensor? kept, in RecurrentOf of)
    {
        var (hidden, rounds) = (of.Hidden, bf16 && of.W.Tensor.DType == DType.F32);
        var w = Rows(of.W, rounds);
        for (var s = 0; s < of.State.Rows; s++)
        {
            var d = new double[of.State.Width];                      // the gradient of the state after step t, then before it
            var through = new float[of.W.Out];                       // of what comes in
            for (var t = of.Starts[s + 1] - 1; t >= of.Starts[s]; t--)
            {
                var before = t > of.Starts[s];
                ReadOnlySpan<float> own = kept is null ? [] : Read(kept, t), h = before ? Read(y, t - 1) : Read(of.State, s)[..hidden];
                var c = of.Cell != RecurrentCell.Lstm ? [] : before ? Read(kept!, t - 1)[(4 * hidden)..] : Read(of.State, s)[hidden..];
                var gates = Row(dgates, t);
                for (var j = 0; j < hidden; j++)
                {
                    d[j] += Read(dy, t)[j];
                    switch (of.Cell)
                    {
                        case RecurrentCell.Rnn: (gates[j], d[j]) = ((float)(d[j] * Slope(Read(y, t)[j])), 0); break;
                        case RecurrentCell.Lstm: LstmBackward(gates, d, own, c, j); break;
                        case RecurrentCell.Gru: GruBackward(gates, through, d, own, h, j); break;
                    }
                }
                if (dx is not null) Add(Row(dx, t), of.Cell == RecurrentCell.Gru ? through : gates);
                AddTransposed(d, w, rounds ? Rounded(gates) : gates);
            }
            for (var i = 0; dstate is not null && i < d.Length; i++) Row(dstate, s)[i] += (float)d[i];
        }
    }

    static void LstmBackward(Span<float> gates, double[] d, ReadOnlySpan<float> kept, ReadOnlySpan<float> before, int j)
    {
        var n = gates.Length / 4;
        double i = kept[j], f = kept[n + j], g = kept[2 * n + j], o = kept[3 * n + j], tanh = Math.Tanh(kept[4 * n + j]);
        var (dh, dc) = (d[j], d[n + j] + d[j] * o * Slope(tanh));
        (gates[j], gates[n + j]) = ((float)(dc * g * i * (1 - i)), (float)(dc * before[j] * f * (1 - f)));
        (gates[2 * n + j], gates[3 * n + j]) = ((float)(dc * i * Slope(g)), (float)(dh * tanh * o * (1 - o)));
        (d[j], d[n + j]) = (0, dc * f);
    }

    static void GruBackward(Span<float> gates, float[] through, double[] d, ReadOnlySpan<float> kept, ReadOnlySpan<float> before, int j)
    {
        var width = d.Length;
        double r = kept[j], z = kept[width + j], n = kept[2 * width + j], bn = kept[3 * width + j], dn = d[j] * (1 - z) * Slope(n);
        (through[j], through[width + j]) = ((float)(dn * bn * r * (1 - r)), (float)(d[j] * (before[j] - n) * z * (1 - z)));
        through[2 * width + j] = (float)dn;
        (gates[j], gates[width + j], gates[2 * width + j]) = (through[j], through[width + j], (float)(dn * r));
        d[j] *= z;
    }

    /// <summary>The derivative of tanh where it is y.</summary>
    static double Slope(double y) => 1 - y * y;

    static void Add(Span<float> y, ReadOnlySpan<float> x)
    {
        for (var i = 0; i < y.Length; i++) y[i] += x[i];
    }

    static void AddTransposed(double[] d, float[][] w, ReadOnlySpan<float> gates)
    {
        for (var o = 0; o < w.Length; o++)
            for (var j = 0; j < w[o].Length; j++) d[j] += (double)gates[o] * w[o][j];
    }
}
