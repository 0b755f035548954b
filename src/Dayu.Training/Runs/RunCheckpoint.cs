namespace Dayu.Training;

/// <summary>A checkpoint of a run: what <c>NAME@STEP</c> means.</summary>
/// <param name="Run">The run.</param>
/// <param name="Step">The step after which it was written.</param>
public sealed record RunCheckpoint(RunFolder Run, long Step)
{
    /// <summary>Its folder.</summary>
    public string Path => Run.Checkpoint(Step);
}
