namespace Dayu.Tensors;

/// <summary>A place on a tape, and where the tensors of its arena ended when it was made.</summary>
/// <param name="Steps">Steps recorded before it.</param>
/// <param name="Live">Tensors that lived before it; null: none is taken back at the end.</param>
public readonly record struct TapeMark(int Steps, int? Live);

/// <summary>
/// Reverse-mode differentiation: what was computed, in order; unwound backwards. Linnainmaa 1970; the order of
/// recording is already topological. A region may be left out of the recording (<see cref="Pause"/>), or be unwound by
/// itself (<see cref="Mark"/>).
/// </summary>
public sealed class Tape
{
    readonly record struct Step(Tensor Output, Action<Tensor> Backward, int Live);

    readonly Arena arena;
    readonly List<Step> steps = [];
    int pauses;

    internal Tape(Arena arena) => this.arena = arena;

    /// <summary>Steps recorded.</summary>
    public int Count => steps.Count;

    /// <summary>Whether ops are recorded now.</summary>
    public bool IsRecording => pauses == 0;

    /// <summary>
    /// Records nothing until the result is disposed of: results need no gradient, and temporaries are given back as in
    /// inference. Regions may be nested.
    /// </summary>
    public PausedRegion Pause()
    {
        pauses++;
        return new(this);
    }

    /// <summary>What is recorded from here on can be unwound by itself.</summary>
    public TapeMark Mark() => new(steps.Count, arena.Mark());

    internal void Add(Tensor output, Action<Tensor> backward) => steps.Add(new(output, backward, arena.Mark()));

    internal void Clear() => steps.Clear();

    /// <summary>
    /// Adds ∂loss/∂p to the gradient of every parameter p. As the tape unwinds, each activation and its gradient go
    /// back to the arena: nothing that was made since the mark but <paramref name="keep"/> may be used afterwards. A
    /// step may itself record and unwind a region.
    /// </summary>
    internal void Unwind(TapeMark to, Tensor? keep)
    {
        while (steps.Count > to.Steps)
        {
            var (output, backward, _) = steps[^1];
            steps.RemoveAt(steps.Count - 1);
            if (output.HasGrad) backward(output.Grad);                 // a result that the loss does not depend on has none
            if (steps.Count > to.Steps) arena.Recycle(steps[^1].Live, keep);
        }
        if (to.Live is { } end) arena.Recycle(end, keep);             // also where the tape was paused and nothing recorded
    }

    /// <summary>A stretch of a pass that is not recorded.</summary>
    public readonly struct PausedRegion : IDisposable
    {
        readonly Tape tape;

        internal PausedRegion(Tape tape) => this.tape = tape;

        /// <summary>Goes on recording.</summary>
        public void Dispose() => tape.pauses--;
    }
}
