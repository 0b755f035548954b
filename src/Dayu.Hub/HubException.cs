namespace Dayu.Hub;

/// <summary>Why a model cannot be stored, found or fetched. Each kind says in its properties what was found, where, and what was expected.</summary>
public abstract class HubException(string message, Exception? inner = null) : Exception(message, inner);
