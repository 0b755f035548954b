using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// From hidden states to tokens: logits = scale · (h·Wᵀ + b), capped softly. A value: where it is tied, its weight is
/// the table of token embeddings (Press &amp; Wolf 2017, arXiv:1608.05859).
/// </summary>
/// <param name="Weight">[V, C], any number format.</param>
/// <param name="Bias">[V]; null: none.</param>
/// <param name="Scale">Factor on the logits (Cohere's <c>logit_scale</c>).</param>
/// <param name="Softcap">Logits become cap · tanh(logits / cap) (Gemma 2, arXiv:2408.00118); null: they stay.</param>
public sealed record LmHead(Weight Weight, Weight? Bias = null, float Scale = 1, float? Softcap = null)
{
    /// <summary>Rows whose logits are computed at a time where only a number of each is wanted.</summary>
    const int RowsAtOnce = 64;

    /// <summary>
    /// Rows whose loss is computed at a time, at least, and logits: fewer rows would read the head's gradient too often.
    /// </summary>
    const int LossRows = 256, LossLogits = 1 << 20;

    /// <summary>
    /// The model's last norm, [R, C] → [R, C]: what a state from the middle of the model is read through.
    /// </summary>
    public required Func<Tensor, Tensor> Norm { get; init; }

    /// <summary>
    /// The head's own matrix; null where the table of token embeddings is the head, or where a file has none.
    /// </summary>
    internal static Linear? Own(Weights w, bool tied, int width, int vocabulary) =>
        tied || w["lm_head"].Lacks("weight") ? null : new(w["lm_head"], width, vocabulary, sensitive: true);

    /// <summary>Number of tokens, V.</summary>
    public int Vocabulary => Weight.Out;

    /// <summary>Scores of every token to come next.</summary>
    /// <param name="hidden">States after the last norm, [R, C].</param>
    /// <returns>[R, V]</returns>
    public Tensor Logits(Tensor hidden)
    {
        var y = Op.MatMul(hidden, Weight, Bias?.Tensor);             // [R, V]
        if (Scale != 1) y *= Scale;
        return Softcap is { } cap ? Op.Tanh(y * (1 / cap)) * cap : y;
    }

    /// <summary>
    /// Logit lens: what a state of the residual stream would predict if the model ended there (nostalgebraist 2020).
    /// </summary>
    /// <param name="residual">[R, C], before the last norm (<see cref="Probe.Residual"/>).</param>
    /// <returns>[R, V]</returns>
    public Tensor Lens(Tensor residual) => Logits(Norm(residual));

    /// <summary>
    /// Cross-entropy of the tokens that came, as <see cref="Op.CrossEntropy"/> weighs it, some rows at a time: neither [R, V] nor its
    /// gradient ever lies in memory whole. The gradients of these rows are made here and now, for a loss that nothing multiplies: a
    /// factor belongs into the weights.
    /// </summary>
    /// <param name="hidden">States after the last norm, [R, C].</param>
    /// <param name="targets">The tokens, a weight for each, smoothing.</param>
    /// <returns>[1], in nats.</returns>
    public Tensor Loss(Tensor hidden, Targets targets)
    {
        var (arena, on, tokens) = (hidden.Arena, hidden.On, targets.TokensOrThrow);
        if (tokens.Length != hidden.Rows)
            throw new ArgumentException(
                $"{tokens.Length} targets for {hidden.Rows} selected rows; give one for each, -100 where none counts");
        var weights = targets.Weights ?? Mean(tokens);
        Tensor loss = arena.New(1), one = arena.New(1).Set([1f]);
        var dhidden = hidden.NeedsGrad && arena.Tape.IsRecording ? arena.New(hidden.Shape) : null;
        on.Fill(loss, 0);
        if (dhidden is not null) on.Fill(dhidden, 0);
        var (rowsAtOnce, records) = (Math.Max(LossRows, LossLogits / Vocabulary), false);
        for (var first = 0; first < hidden.Rows; first += rowsAtOnce)
        {
            var (since, count) = (arena.Tape.Mark(), Math.Min(rowsAtOnce, hidden.Rows - first));
            var rows = hidden.View((long)first * hidden.Width, new(count, hidden.Width));
            if (dhidden is not null)
            {
                rows.NeedsGrad = true;
                rows.PlaceGrad(dhidden, (long)first * hidden.Width);
            }
            var part = Part(rows, tokens.AsSpan(first, count), weights.AsSpan(first, count), targets, first);
            on.Accumulate(loss, part);
            records |= part.NeedsGrad;
            part.Backward(one, since);
        }
        return records ? loss.Records(LossBackward(hidden, dhidden)) : loss;
    }

    /// <summary>The loss of some rows; the first of them is row <paramref name="first"/> of all.</summary>
    Tensor Part(Tensor rows, ReadOnlySpan<int> tokens, ReadOnlySpan<float> weights, Targets targets, int first)
    {
        var (arena, logits, share) = (rows.Arena, Logits(rows), targets.Teacher?.Share ?? 0);
        var said = Op.CrossEntropy(logits, arena.Ints(tokens), arena.New(tokens.Length).Set(Scaled(weights, tokens, 1 - share)),
            targets.Smoothing, classes: targets.Vocabulary is { } known ? Math.Min(known, Vocabulary) : null);
        if (targets.Teacher is not { } teacher) return said;
        var (hidden, paused) = (teacher.Hidden, arena.Tape.Pause());
        var thought = teacher.Head.Logits(hidden.View((long)first * hidden.Width, new(rows.Rows, hidden.Width)));
        paused.Dispose();
        return said + Op.KlDivergence(logits, thought, arena.New(tokens.Length).Set(Scaled(weights, tokens, share)), teacher.Temperature);
    }

    /// <summary>Weights times a factor; 0 where no token counts.</summary>
    static float[] Scaled(ReadOnlySpan<float> weights, ReadOnlySpan<int> tokens, float factor)
    {
        var scaled = new float[weights.Length];
        for (var i = 0; i < scaled.Length; i++) scaled[i] = tokens[i] == Op.Ignored ? 0 : factor * weights[i];
        return scaled;
    }

    static Action<Tensor> LossBackward(Tensor hidden, Tensor? dhidden) => dloss =>
    {
        if (dloss.ToArray()[0] != 1)
            throw new NotSupportedException(
                "the gradient of this loss was made with the loss; put a factor on it into the weights of its targets");
        if (dhidden is not null) dloss.On.Accumulate(hidden.Grad, dhidden);
    };

    /// <summary>Weights that make the sum the mean over the targets that count.</summary>
    static float[] Mean(int[] tokens)
    {
        var weights = new float[tokens.Length];
        Array.Fill(weights, 1f / Math.Max(1, tokens.Count(t => t != Op.Ignored)));
        return weights;
    }

    /// <summary>
    /// What the model says of each row's next token, a few rows at a time: [R, V] never lies in memory whole.
    /// </summary>
    /// <param name="hidden">States after the last norm, [R, C].</param>
    /// <param name="read">Told a row and its logits [V], rows ascending.</param>
    public void ForEach(Tensor hidden, LogitReader read)
    {
        var (arena, logits) = (hidden.Arena, new float[Vocabulary]);
        using var paused = arena.Tape.Pause();
        for (var first = 0; first < hidden.Rows; first += RowsAtOnce)
        {
            var (mark, count) = (arena.Mark(), Math.Min(RowsAtOnce, hidden.Rows - first));
            var rows = Logits(hidden.View((long)first * hidden.Width, new(count, hidden.Width)));
            for (var r = 0; r < count; r++)
            {
                rows.View((long)r * Vocabulary, new(1, Vocabulary)).CopyTo(logits);
                read(first + r, logits);
            }
            arena.Recycle(mark);
        }
    }
}

/// <summary>Reads the logits of one row.</summary>
/// <param name="row">Which of the hidden states.</param>
/// <param name="logits">[V], until the call returns.</param>
public delegate void LogitReader(int row, ReadOnlySpan<float> logits);
