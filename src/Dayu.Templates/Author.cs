namespace Dayu.Templates;

/// <summary>Who wrote a piece of a rendered prompt.</summary>
public enum Author
{
    /// <summary>
    /// The chat template, or the names of special tokens that came with the model: what it writes may be control
    /// tokens.
    /// </summary>
    Template,

    /// <summary>
    /// Whatever was said: people's words, a model's earlier answers, tools and their results, documents. What looks
    /// like a control token in it is ordinary text.
    /// </summary>
    User,
}
