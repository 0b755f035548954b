using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A weight that a model asks for.</summary>
/// <param name="Path">Its name in checkpoints, in the family's terms.</param>
/// <param name="Shape">Matrices are [out, in].</param>
/// <param name="IsMultiplied">Whether the model multiplies by it.</param>
public sealed record WeightShape(string Path, Shape Shape, bool IsMultiplied);

/// <summary>
/// What a model of a configuration would be, without making it: its weights, parameters, memory and work. The code of its
/// family runs over weights that have shapes and no numbers, so nothing is estimated, and hundreds of billions of parameters take
/// milliseconds.
/// </summary>
public sealed class ModelShape
{
    const int MaskedShare = 15;                                      // per cent of tokens; Devlin et al. 2018
    const int LongestPass = 1 << 17, PassWithoutEnd = 256;

    readonly IModel net;
    readonly MetaBackend on;
    readonly Lazy<ModelWork> work;

    ModelShape(JsonObject config, Family family, IModel net, IReadOnlyList<Weight> weights, MetaBackend on)
    {
        (Config, Family, this.net, this.on) = (config, family, net, on);
        Weights = [.. weights.Select(w => new WeightShape(w.Path, w.Tensor.Shape, w.IsMultiplied))];
        Parameters = Weights.Sum(w => w.Shape.Count);
        work = new(() => Worked(weights));
    }

    /// <summary>The model of a configuration.</summary>
    /// <param name="config">In the terms of <c>config.json</c>.</param>
    /// <exception cref="InvalidDataException">A key is missing or wrong; the message names it.</exception>
    /// <exception cref="NotSupportedException">The family is not known.</exception>
    public static ModelShape Of(JsonObject config)
    {
        var (family, on) = (Families.Of(config), new MetaBackend());
        var weights = new MetaWeights(new Arena(on));
        return new(config, family, family.Make(config, new(weights)), weights.Given, on);
    }

    /// <summary>In the terms of <c>config.json</c>.</summary>
    public JsonObject Config { get; }

    /// <summary>What kind of model it is.</summary>
    public Family Family { get; }

    /// <summary>The longest sequence it is made for, in tokens; <see cref="int.MaxValue"/>: of any length.</summary>
    public int Context => net.Context;

    /// <summary>Whether it reads from left to right, and can learn to go on with a text.</summary>
    public bool IsCausal => net.IsCausal;

    /// <summary>Whether it carries a state from token to token.</summary>
    public bool IsRecurrent => net.IsRecurrent;

    /// <summary>Tokens that it predicts.</summary>
    /// <exception cref="NotSupportedException">It predicts none.</exception>
    public int Vocabulary => net is ICausalLm lm ? lm.Vocabulary
        : throw new NotSupportedException($"this {Family.Name} model does not go on with texts");

    /// <summary>Its weights, in the order of the model.</summary>
    public IReadOnlyList<WeightShape> Weights { get; }

    /// <summary>Number of weights, a tied one counted once.</summary>
    public long Parameters { get; }

    /// <summary>What it does with a text, counted when it is first asked for.</summary>
    public ModelWork Work => work.Value;

    /// <summary>
    /// Bytes of its weights in a number format, as <c>quantize</c> without a mixture makes them: of blocks, vectors stay float32,
    /// and a matrix whose rows are no whole number of blocks gets the next format that fits.
    /// </summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    public long BytesIn(DType format) => Weights.Sum(w => FormatOf(w.Shape, format).BytesFor(w.Shape.Count));

    static DType FormatOf(Shape shape, DType format) => !format.IsQuantised ? format
        : shape.Rank < 2 ? DType.F32 : QuantMix.Fitting(format, shape[^1]);

    /// <summary>Number formats that weights can be stored in.</summary>
    public static IEnumerable<DType> Formats => DType.Known.Where(d => d.CanEncode && d != DType.I32);

    /// <summary>Bytes that AdamW trains it in: float32 weights and gradients, and two moments of each; activations come on top.</summary>
    public long TrainingBytes => 4 * sizeof(float) * Parameters;

    /// <summary>Memory that a pass of training takes between forward and backward, in float32.</summary>
    /// <param name="window">Tokens of a sequence.</param>
    /// <param name="batch">Sequences of the pass.</param>
    /// <param name="dropout">Whether layers drop what their configuration says.</param>
    /// <param name="checkpointing">Whether blocks are computed again in the backward pass.</param>
    /// <exception cref="NotSupportedException">The model has no head to train.</exception>
    public long ActivationBytes(int window, int batch = 1, bool dropout = false, bool checkpointing = false)
    {
        using var arena = new Arena(on);
        int[] starts = [.. Enumerable.Range(0, batch + 1).Select(s => s * window)];
        Learn(new(arena, new int[window * batch], starts)
        {
            SelectedRows = Selected(window * batch), Dropout = dropout ? default(DropoutSeed) : null, Checkpointing = checkpointing,
        });
        return arena.Bytes;
    }

    bool Trains => net is ICausalLm or IMaskedLm or INextSentence or IClassifier;

    int[] Selected(int tokens) => Pass.Every(net is IMaskedLm ? tokens * MaskedShare / 100 : tokens);

    void Learn(Pass pass) => net.Loss(pass, new(new int[pass.SelectedRows!.Length], new int[pass.Sequences])).Backward();

    /// <summary>Runs a text through it, as a step of training does.</summary>
    ModelWork Worked(IReadOnlyList<Weight> weights)
    {
        var tokens = Context == int.MaxValue ? PassWithoutEnd : Math.Min(Context, LongestPass);
        on.Forget();
        using var arena = new Arena(on);
        var pass = new Pass(arena, new int[tokens]) { SelectedRows = Selected(tokens) };
        if (Trains) Learn(pass);
        else net.Hidden(pass);
        var tables = weights.Where(w => on.Tables.Contains(w) || net is ICausalLm lm && lm.Head.Weight == w);
        return new(tokens, on.Forward, Trains ? on.Forward + on.Backward : null, Trains ? arena.Bytes : null,
            tables.Sum(w => w.Tensor.Shape.Count), on.KeyValueWidth, on.StateWidth);
    }
}

/// <summary>What a model does with one text of so many tokens.</summary>
/// <param name="Tokens">The whole context; where that has no end, 256.</param>
/// <param name="Forward">Operations of reading it, with the head at every token (an encoder's at 15 % of them).</param>
/// <param name="Training">Operations of learning it: forward and backward; null: the model has nothing to learn.</param>
/// <param name="ActivationBytes">Memory between forward and backward in float32, without dropout; null as above.</param>
/// <param name="TableParameters">Parameters of tables of tokens and positions, and of the head.</param>
/// <param name="KeyValueWidth">Values that attention keeps of each token, of all layers together.</param>
/// <param name="StateWidth">Values that recurrent layers keep of a text, however long.</param>
public sealed record ModelWork(
    int Tokens, Operations Forward, Operations? Training, long? ActivationBytes, long TableParameters, long KeyValueWidth, long StateWidth);
