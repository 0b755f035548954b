using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>A model whose predictions another one learns (Hinton et al. 2015, arXiv:1503.02531).</summary>
/// <param name="Model">It; of the same vocabulary, and without a state.</param>
/// <param name="Share">Of the loss, 0 … 1.</param>
/// <param name="Temperature">What both models' logits are divided by, above 0: higher, and unlikely tokens are learnt more of.</param>
public sealed record Teacher(ICausalLm Model, float Share = 0.5f, float Temperature = 1)
{
    /// <summary>What it makes of a batch; nothing is recorded.</summary>
    internal TeacherStates Read(Arena arena, Batch batch)
    {
        using var paused = arena.Tape.Pause();
        var hidden = Model.Hidden(new(arena, batch.Ids, batch.Starts) { SelectedRows = Pass.Every(batch.Ids.Length) });
        return new(hidden, Model.Head, Share, Temperature);
    }
}
