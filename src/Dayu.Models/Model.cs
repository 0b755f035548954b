using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A model of some family. What it can do are the interfaces it has: <see cref="ICausalLm"/> …</summary>
public interface IModel
{
    /// <summary>The longest sequence it was made for, in tokens.</summary>
    int Context { get; }
}

/// <summary>A model that predicts the next token.</summary>
public interface ICausalLm : IModel
{
    /// <summary>Number of tokens it knows, V.</summary>
    int Vocabulary { get; }

    /// <summary>Scores of every token to come next.</summary>
    /// <returns>[W, V]: a row for each position that <see cref="Pass.SelectedRows"/> names.</returns>
    Tensor Forward(Pass p);
}

/// <summary>A model that reads a text in both directions and says something of each token.</summary>
public interface IEncoder : IModel
{
    /// <summary>Values of a hidden state, C.</summary>
    int Width { get; }

    /// <summary>The hidden state of every token; heads take it from there.</summary>
    /// <returns>[T, C]</returns>
    Tensor Forward(Pass p);
}

/// <summary>An encoder that guesses masked words.</summary>
public interface IMaskedLm : IEncoder
{
    /// <summary>Number of tokens it knows, V.</summary>
    int Vocabulary { get; }

    /// <summary>Scores of every token to stand where a row is wanted.</summary>
    /// <param name="hidden">What <see cref="IEncoder.Forward"/> gave, [T, C].</param>
    /// <param name="p">The same pass.</param>
    /// <returns>[W, V]: a row for each position that <see cref="Pass.SelectedRows"/> names.</returns>
    Tensor Words(Tensor hidden, Pass p);
}

/// <summary>An encoder that tells whether a second sentence follows the first.</summary>
public interface INextSentence : IEncoder
{
    /// <summary>Scores of "it follows" and "it was drawn at random".</summary>
    /// <param name="hidden">What <see cref="IEncoder.Forward"/> gave, [T, C].</param>
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
    /// <param name="hidden">What <see cref="IEncoder.Forward"/> gave, [T, C].</param>
    /// <param name="p">The same pass.</param>
    /// <returns>[S, L]</returns>
    Tensor Classify(Tensor hidden, Pass p);
}
