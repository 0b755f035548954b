namespace Dayu.Training;

/// <summary>Rules that are tried in turn; the first that a document breaks says why it is dropped.</summary>
/// <param name="Name">What they are called.</param>
/// <param name="Rules">In the order they are tried. Other thresholds: <c>rule with { Most = 0.2 }</c>.</param>
public sealed record QualityFilter(string Name, IReadOnlyList<QualityRule> Rules)
{
    /// <summary>The first rule that a document breaks; null: it is of good quality.</summary>
    public RuleBreach? Check(string text) => Check(new MeasuredText(text));

    /// <summary>The same of a text that is cut already.</summary>
    public RuleBreach? Check(MeasuredText measured)
    {
        foreach (var rule in Rules) if (rule.Check(measured) is { } breach) return breach;
        return null;
    }
}
