using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>How a step is made.</summary>
/// <param name="Accumulate">Batches of a step: their gradients are added up, each target weighing the same.</param>
/// <param name="ClipNorm">The gradient is scaled down to this norm where it is longer (Pascanu et al. 2012, arXiv:1211.5063);
/// null: never.</param>
/// <param name="Smoothing">Label smoothing, 0 … below 1.</param>
/// <param name="Dropout">Whether layers drop what their configuration says.</param>
/// <param name="Checkpointing">Whether blocks are computed again in the backward pass, to save memory.</param>
/// <param name="Seed">Of dropout.</param>
/// <param name="Vocabulary">Tokens that label smoothing spreads over; null: all that the model has a row for.</param>
/// <param name="Teacher">Whose predictions are learnt too; null: nobody's.</param>
/// <param name="Preference">The batches are pairs of answers, measured so; null: they are texts.</param>
public sealed record TrainerSettings(int Accumulate = 1, double? ClipNorm = 1, float Smoothing = 0, bool Dropout = true,
    bool Checkpointing = false, ulong Seed = 0, int? Vocabulary = null, Teacher? Teacher = null, PreferenceLoss? Preference = null);

/// <summary>What a step did.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Loss">Mean over its targets, before the step, in nats.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="Tokens">Tokens read.</param>
/// <param name="Accuracy">Of preferences: the share of its pairs whose margin is above 0; null: they are texts.</param>
public sealed record StepReport(long Step, double Loss, double GradientNorm, double Rate, long Tokens, double? Accuracy = null);

/// <summary>Makes a model better at what a source of batches holds, step by step.</summary>
/// <param name="model">What is trained; its weights want gradients.</param>
/// <param name="optimizer">Changes its parameters.</param>
/// <param name="schedule">The learning rate.</param>
/// <param name="data">What is learnt.</param>
/// <param name="settings">How.</param>
public sealed class Trainer(
    LoadedModel model, Optimizer optimizer, Schedule schedule, IBatchSource data, TrainerSettings settings) : IDisposable
{
    readonly Arena arena = new(model.On);
    readonly RecurrentStates states = new(model.On), going = new(model.On);   // after the last step, and within one

    readonly PreferenceStep? pairs = settings.Preference is { } loss ? new(model.As<ICausalLm>(), loss) : null;

    /// <summary>Memory that activations have taken so far.</summary>
    public long Bytes => arena.Bytes;

    /// <summary>The states of texts that the next step goes on with; none where each sequence begins anew.</summary>
    public RecurrentStates States => states;

    /// <summary>Steps done.</summary>
    public long Steps => optimizer.Steps;

    /// <summary>One step: batches → loss → gradients → clip → change.</summary>
    /// <exception cref="NonFiniteLossException">The loss is not a number; nothing was changed.</exception>
    public StepReport Step()
    {
        var (step, parameters, loss) = (Steps, optimizer.Parameters, 0.0);
        Batch[] batches = [.. Enumerable.Range(0, settings.Accumulate).Select(i => data.At(step * settings.Accumulate + i))];
        var counted = batches.Sum(b => pairs is null ? b.Counted : b.Reference.Count / 2L);
        var preferred = default(PairSums);
        going.CopyFrom(states);
        parameters.ZeroGradients();
        for (var i = 0; i < batches.Length; i++)
            if (pairs is null) loss += Gradients(batches[i], counted, step * settings.Accumulate + i);
            else preferred += PairGradients(batches[i], counted, step * settings.Accumulate + i);
        if (pairs is not null) loss = preferred.Mean;
        var norm = parameters.GradientNorm();
        NonFiniteLossException.ThrowIf(step + 1, loss, norm, batches);
        var clip = settings.ClipNorm is { } most ? Math.Min(1, most / (norm + 1e-6)) : 1;
        var rate = schedule.At(step);
        optimizer.Step((float)rate, (float)clip);
        states.CopyFrom(going);
        return new(Steps, loss, norm, rate, batches.Sum(b => (long)b.Ids.Length), pairs is null ? null : preferred.Accuracy);
    }

    /// <summary>Adds a batch's gradients; its part of the step's loss.</summary>
    /// <param name="batch">What is read.</param>
    /// <param name="counted">Targets of the whole step.</param>
    /// <param name="number">Of the pass: each drops other values.</param>
    double Gradients(Batch batch, long counted, long number)
    {
        var pass = Learning(batch, number);
        var targets = batch.Weighed(counted, settings.Smoothing, settings.Vocabulary);
        var loss = model.Net.Loss(pass, targets with { Teacher = settings.Teacher?.Read(arena, batch) });
        loss.Backward();
        return loss.ToArray()[0];
    }

    /// <summary>The same of pairs: they are read twice, the second time with the weights that the first one gave their tokens.</summary>
    PairSums PairGradients(Batch batch, long counted, long number)
    {
        var (sums, targets) = pairs!.Of(Learning(batch, number), batch, counted);
        model.Net.Loss(Learning(batch, number), targets).Backward();
        return sums;
    }

    /// <summary>Reads a batch anew, in memory that nothing else needs any more.</summary>
    Pass Learning(Batch batch, long number)
    {
        arena.Reset();
        return new(arena, batch.Ids, batch.Starts)
        {
            SelectedRows = Pass.Every(batch.Ids.Length),
            Dropout = settings.Dropout ? new(settings.Seed, number) : null,
            Checkpointing = settings.Checkpointing,
            States = batch.States is null ? null : going,
            StateRows = batch.States,
        };
    }

    /// <summary>What is made of pairs of answers, nothing recorded or changed.</summary>
    /// <param name="batches">Pairs, with their reference.</param>
    /// <param name="cancel">Ends it between two batches.</param>
    /// <exception cref="InvalidOperationException">Texts are learnt, and no preferences.</exception>
    public PairSums EvaluatePairs(IEnumerable<Batch> batches, CancellationToken cancel = default)
    {
        var (step, sums) = (pairs ?? throw new InvalidOperationException("no preferences are learnt"), default(PairSums));
        foreach (var batch in batches)
        {
            cancel.ThrowIfCancellationRequested();
            arena.Reset();
            sums += step.Of(new(arena, batch.Ids, batch.Starts) { SelectedRows = Pass.Every(batch.Ids.Length) }, batch, 1).Sums;
        }
        return sums;
    }

    /// <summary>Mean loss of some batches, nothing recorded or changed; texts go on from batch to batch where those say so.</summary>
    /// <param name="batches">What is read.</param>
    /// <param name="cancel">Ends it between two batches.</param>
    /// <returns>In nats; NaN where nothing counts.</returns>
    public double Evaluate(IEnumerable<Batch> batches, CancellationToken cancel = default)
    {
        var (sum, counted) = (0.0, 0L);
        using var paused = arena.Tape.Pause();
        using var carried = new RecurrentStates(model.On);
        foreach (var batch in batches)
        {
            cancel.ThrowIfCancellationRequested();
            arena.Reset();
            var pass = new Pass(arena, batch.Ids, batch.Starts)
            {
                SelectedRows = Pass.Every(batch.Ids.Length), States = batch.States is null ? null : carried, StateRows = batch.States,
            };
            sum += model.Net.Loss(pass, batch.Weighed(1)).ToArray()[0];
            counted += batch.Counted;
        }
        return counted == 0 ? double.NaN : sum / counted;
    }

    /// <summary>Frees the activations and states.</summary>
    public void Dispose()
    {
        arena.Dispose();
        states.Dispose();
        going.Dispose();
    }
}
