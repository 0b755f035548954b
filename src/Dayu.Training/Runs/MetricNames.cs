namespace Dayu.Training;

/// <summary>What the lines of a run's metrics call what was measured.</summary>
public static class MetricNames
{
    /// <summary>When: the step after which it was measured.</summary>
    public const string Step = "step";

    /// <summary>Loss of a step, on what is learnt, in nats.</summary>
    public const string Loss = "loss";

    /// <summary>Norm of a step's gradient, before it is clipped.</summary>
    public const string GradientNorm = "gradient_norm";

    /// <summary>Learning rate of a step.</summary>
    public const string Rate = "rate";

    /// <summary>Tokens of a step.</summary>
    public const string Tokens = "tokens";

    /// <summary>The same by the seconds it took.</summary>
    public const string TokensPerSecond = "tokens_per_s";

    /// <summary>Mean loss of all that is held out, in nats.</summary>
    public const string Validation = "validation_loss";

    /// <summary>Of preferences: the share of a step's pairs whose margin is above 0.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>The same of all held-out pairs.</summary>
    public const string ValidationAccuracy = "validation_accuracy";

    /// <summary>The same of each source: an object. Its values are series of their own, <c>validation/stories</c>.</summary>
    public const string Sources = "validation";

    /// <summary>How often each source has been read: an object.</summary>
    public const string Epochs = "epochs";

    /// <summary>The source whose held-out loss a series is; null: it is none of a source.</summary>
    public static string? SourceOf(string series) =>
        series.StartsWith(Sources + "/", StringComparison.Ordinal) ? series[(Sources.Length + 1)..] : null;
}
