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
    /// <returns>[W, V]: a row for each position that <see cref="Pass.Wanted"/> names.</returns>
    Tensor Forward(Pass p);
}
