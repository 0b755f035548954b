namespace Dayu.Training;

/// <summary>What the curves of runs are drawn over.</summary>
public enum RunAxis
{
    /// <summary>Steps.</summary>
    Steps,

    /// <summary>Tokens learnt from: fair to runs of different batches.</summary>
    Tokens,

    /// <summary>Seconds that the steps took.</summary>
    Seconds,
}
