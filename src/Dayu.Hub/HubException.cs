namespace Dayu.Hub;

/// <summary>
/// A model cannot be stored, chosen or fetched. Each kind says what was found, where, and what was expected.
/// </summary>
/// <param name="message">A sentence, and what to do.</param>
/// <param name="inner">What caused it.</param>
public abstract class HubException(string message, Exception? inner = null) : Exception(message, inner);
