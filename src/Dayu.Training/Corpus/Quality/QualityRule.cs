namespace Dayu.Training;

/// <summary>A rule that a document of good quality keeps: a number of it lies between two others.</summary>
/// <param name="Name">For counts and configuration: <c>gopher.words</c>.</param>
/// <param name="Reason">What a document that breaks it is.</param>
/// <param name="Least">The least number, included.</param>
/// <param name="Most">The greatest, included.</param>
/// <param name="Measure">The number.</param>
public sealed record QualityRule(string Name, string Reason, double Least, double Most, Func<MeasuredText, double> Measure)
{
    /// <summary>How a text breaks it; null: it keeps it.</summary>
    public RuleBreach? Check(MeasuredText text) => Measure(text) is var value && (value < Least || value > Most) ? new(this, value) : null;

    /// <summary>What it must lie between, in words: <c>50 to 100,000</c>.</summary>
    public string Bounds => (Least, Most) switch
    {
        (double.NegativeInfinity, var most) => $"at most {most:#,0.###}",
        (var least, double.PositiveInfinity) => $"at least {least:#,0.###}",
        var (least, most) => $"{least:#,0.###} to {most:#,0.###}",
    };
}

/// <summary>Why a document is dropped.</summary>
/// <param name="Rule">The rule it breaks.</param>
/// <param name="Value">The number found.</param>
public sealed record RuleBreach(QualityRule Rule, double Value)
{
    /// <summary>In words: <c>gopher.words: too short or too long (12; 50 to 100,000)</c>.</summary>
    public override string ToString() => $"{Rule.Name}: {Rule.Reason} ({Value:#,0.###}; {Rule.Bounds})";
}
