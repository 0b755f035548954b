using Dayu.Hub;

namespace Dayu.Training;

/// <summary>Measures a model on what is held out, source by source, and with what the caller measures.</summary>
/// <param name="trainer">Has the model.</param>
/// <param name="data">Has what is held out.</param>
/// <param name="recipe">How much of it is read each time.</param>
sealed class Evaluator(Trainer trainer, TrainingData data, EvalRecipe recipe)
{
    /// <summary>
    /// Measures after a step; each source is read to the same length, and counts in the mean as much as is held out of it.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Evaluation Measure(Pretrained model, IReadOnlyList<Measure> measures, CancellationToken cancel)
    {
        var tokens = recipe.Tokens is { } all ? Math.Max(1, all / data.Sources.Count) : (int?)null;
        var losses = new Dictionary<string, double>();
        var (sum, counted, pairs) = (0.0, 0L, default(PairSums));
        foreach (var source in data.Sources)
        {
            var (held, weight) = (data.Held(source, tokens), source.IsPairs ? source.Validation.Count / 2 : source.Validation.Counted);
            var own = source.IsPairs ? trainer.EvaluatePairs(held, cancel) : default;
            pairs += own;
            var loss = source.IsPairs ? own.Mean : trainer.Evaluate(held, cancel);
            if (!double.IsFinite(loss)) continue;
            losses[source.Name] = loss;
            sum += loss * weight;
            counted += weight;
        }
        var mean = losses.Count == 1 ? losses.Values.Single() : counted > 0 ? sum / counted : (double?)null;
        var measured = new Dictionary<string, double>();
        if (pairs.Pairs > 0) measured[MetricNames.ValidationAccuracy] = pairs.Accuracy;
        foreach (var measure in measures)
            if (measure.Of(model, cancel) is var value && double.IsFinite(value)) measured[measure.Name] = value;
        return new(trainer.Steps, mean, data.Sources.Count > 1 ? losses : [], measured, data.Epochs(trainer.Steps));
    }
}
