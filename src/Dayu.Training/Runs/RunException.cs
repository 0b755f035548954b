namespace Dayu.Training;

/// <summary>Why a run cannot be made, or gone on with.</summary>
public enum RunFault
{
    /// <summary>Its checkpoint is of another data, recipe or program.</summary>
    Changed,

    /// <summary>It cannot be called so.</summary>
    Name,

    /// <summary>There is one of that name.</summary>
    Taken,

    /// <summary>Another process trains it.</summary>
    Held,

    /// <summary>What it begins with as a fork does not fit it.</summary>
    Fork,

    /// <summary>What it began with is gone.</summary>
    Lost,
}

/// <summary>A run cannot be made, or cannot be gone on with.</summary>
/// <param name="fault">Why, so that one can say what to do.</param>
/// <param name="message">The same in a sentence.</param>
/// <param name="run">The run's name, or the one that was wanted; null: it has nothing to do with it.</param>
/// <param name="inner">What it was found by.</param>
public sealed class RunException(RunFault fault, string message, string? run = null, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public RunFault Fault => fault;

    /// <summary>The run's name; null: it has nothing to do with it.</summary>
    public string? Run => run;
}
