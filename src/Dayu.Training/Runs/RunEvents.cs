using Dayu.Hub;

namespace Dayu.Training;

/// <summary>What a run tells on its way; whatever samples from the model is handed in.</summary>
public sealed record RunEvents
{
    /// <summary>Of preferences, before the first step: so many pairs of so many were read by the model as it starts.</summary>
    public Action<long, long>? Referred { get; init; }

    /// <summary>A step was made, in so many seconds.</summary>
    public Action<StepReport, double>? Stepped { get; init; }

    /// <summary>From this step on the sources have other weights: step, weights by name.</summary>
    public Action<long, IReadOnlyDictionary<string, double>>? Mixed { get; init; }

    /// <summary>The model was measured.</summary>
    public Action<Evaluation>? Evaluated { get; init; }

    /// <summary>Goes on with a prompt, at most so many tokens.</summary>
    public Func<Pretrained, string, int, string>? Sample { get; init; }

    /// <summary>The model went on with a prompt: step, prompt, answer.</summary>
    public Action<long, string, string>? Sampled { get; init; }

    /// <summary>A checkpoint was written.</summary>
    public Action<string>? Saved { get; init; }

    /// <summary>Something may be wrong: step, what.</summary>
    public Action<long, TrainingDoubt>? Doubted { get; init; }
}
