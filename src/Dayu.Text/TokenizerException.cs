namespace Dayu.Text;

/// <summary>
/// A tokenizer file or a text that cannot be used. The message says where, what was found, what was expected and what
/// to do.
/// </summary>
public sealed class TokenizerException : Exception
{
    /// <summary>Says what went wrong.</summary>
    public TokenizerException(string message) : base(message) { }

    /// <summary>Says what went wrong, and keeps what caused it.</summary>
    public TokenizerException(string message, Exception inner) : base(message, inner) { }

    /// <summary>An exception without a message tells nobody anything; the framework's analyzers ask for it.</summary>
    public TokenizerException() : base("The tokenizer failed.") { }
}
