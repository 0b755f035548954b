using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A model of some family. What it can do are the interfaces it has: <see cref="ICausalLm"/> …</summary>
public interface IModel
{
    /// <summary>The longest sequence it was made for, in tokens; <see cref="int.MaxValue"/>: of any length.</summary>
    int Context { get; }

    /// <summary>Values of a hidden state, C.</summary>
    int Width { get; }

    /// <summary>Whether it reads from left to right: a token sees itself and those before it.</summary>
    bool IsCausal => false;

    /// <summary>Whether it keeps what it has read in a state (<see cref="Pass.State"/>): texts go on from window to window.</summary>
    bool IsRecurrent => false;

    /// <summary>What the model makes of the tokens, before any head.</summary>
    /// <returns>[R, C]: a row for each position that <see cref="Pass.SelectedRows"/> names; an encoder gives all,
    /// [T, C].</returns>
    Tensor Hidden(Pass p);

    /// <summary>What training makes small: everything the model has a head for, as one number.</summary>
    /// <param name="p">The pass; its selected rows are those that have a target.</param>
    /// <param name="targets">What should have been said.</param>
    /// <returns>[1], in nats.</returns>
    /// <exception cref="NotSupportedException">It has no head.</exception>
    Tensor Loss(Pass p, Targets targets);
}

/// <summary>What a model should have said.</summary>
/// <param name="Tokens">[R]: for each selected row the token to come next, or the masked one; −100 where none counts.
/// null: no tokens are predicted.</param>
/// <param name="Classes">[S]: for each sequence its class; null: no sequences are classified.</param>
/// <param name="Weights">[R]: factor on the loss of each token; null: 1 / the number that count, the mean.</param>
/// <param name="Smoothing">Share of each token's target that is spread over all tokens, 0 … below 1.</param>
/// <param name="Vocabulary">Tokens that there are, where the model has rows for more: smoothing does not reach those. null: all V.</param>
/// <param name="Teacher">Whose predictions are learnt too; null: nobody's.</param>
public sealed record Targets(
    int[]? Tokens = null, int[]? Classes = null, float[]? Weights = null, float Smoothing = 0, int? Vocabulary = null,
    TeacherStates? Teacher = null)
{
    /// <summary>The tokens, where a head asks for them.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public int[] TokensOrThrow => Tokens ?? throw new ArgumentException("the model predicts tokens; give a target for each selected row");

    /// <summary>The classes, where a head asks for them.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public int[] ClassesOrThrow => Classes ?? throw new ArgumentException("the model classifies sequences; give a class for each");
}

/// <summary>What another model makes of the same tokens. Hinton et al. 2015, arXiv:1503.02531.</summary>
/// <param name="Hidden">Its states after the last norm, [R, C′], in the arena of the pass that learns; nothing is recorded of them.</param>
/// <param name="Head">From them to the same V tokens.</param>
/// <param name="Share">Of the loss, 0 … 1: the teacher's predictions have it, the tokens that came the rest.</param>
/// <param name="Temperature">What both models' logits are divided by, above 0; see <see cref="Op.KlDivergence"/>.</param>
public sealed record TeacherStates(Tensor Hidden, LmHead Head, float Share, float Temperature);

/// <summary>A model that predicts the next token.</summary>
public interface ICausalLm : IModel
{
    /// <summary>From hidden states to tokens.</summary>
    LmHead Head { get; }

    /// <summary>Number of tokens it knows, V.</summary>
    int Vocabulary => Head.Vocabulary;

    bool IModel.IsCausal => true;

    /// <summary>Scores of every token to come next.</summary>
    /// <returns>[R, V]: a row for each position that <see cref="Pass.SelectedRows"/> names.</returns>
    Tensor Forward(Pass p) => Head.Logits(Hidden(p));

    Tensor IModel.Loss(Pass p, Targets targets) => Head.Loss(Hidden(p), targets);
}

/// <summary>A model that reads a text in both directions and says something of each token.</summary>
public interface IEncoder : IModel;

/// <summary>An encoder that guesses masked words.</summary>
public interface IMaskedLm : IEncoder
{
    /// <summary>Number of tokens it knows, V.</summary>
    int Vocabulary { get; }

    /// <summary>Scores of every token to stand where a row is selected.</summary>
    /// <param name="hidden">What <see cref="IModel.Hidden"/> gave, [T, C].</param>
    /// <param name="p">The same pass.</param>
    /// <returns>[R, V]: a row for each position that <see cref="Pass.SelectedRows"/> names.</returns>
    Tensor Words(Tensor hidden, Pass p);
}

/// <summary>An encoder that tells whether a second sentence follows the first.</summary>
public interface INextSentence : IEncoder
{
    /// <summary>Scores of "it follows" and "it was drawn at random".</summary>
    /// <param name="hidden">What <see cref="IModel.Hidden"/> gave, [T, C].</param>
    /// <param name="p">The same pass.</param>
    /// <returns>[S, 2]</returns>
    Tensor Follows(Tensor hidden, Pass p);
}

/// <summary>An encoder that puts texts into classes.</summary>
public interface IClassifier : IEncoder
{
    /// <summary>Names of the L classes.</summary>
    IReadOnlyList<string> Labels { get; }

    /// <summary>Scores of the classes.</summary>
    /// <param name="hidden">What <see cref="IModel.Hidden"/> gave, [T, C].</param>
    /// <param name="p">The same pass.</param>
    /// <returns>[S, L]</returns>
    Tensor Classify(Tensor hidden, Pass p);
}
