namespace Dayu.Training;

/// <summary>What of a recipe cannot be followed.</summary>
public enum RecipeFault
{
    /// <summary>A value, or the form it is written in.</summary>
    Value,

    /// <summary>The model.</summary>
    Model,

    /// <summary>The texts: they are too short.</summary>
    Texts,

    /// <summary>Documents: none of those there are can be learnt from.</summary>
    Documents,

    /// <summary>The pairs that are to be trained in place of the weights.</summary>
    Adapter,

    /// <summary>The model whose predictions are to be learnt.</summary>
    Teacher,

    /// <summary>Conversations: there is nothing that says how they are written.</summary>
    Template,

    /// <summary>The time that is given.</summary>
    Time,
}

/// <summary>A recipe cannot be followed.</summary>
/// <param name="message">What was found, where, and what was expected.</param>
/// <param name="fault">What is wrong, so that one can say what to do.</param>
/// <param name="inner">What it was found by.</param>
public sealed class RecipeException(string message, RecipeFault fault = RecipeFault.Value, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What is wrong.</summary>
    public RecipeFault Fault => fault;
}
