namespace Dayu.Cli;

/// <summary>Losses as people read them: in nats; where tokens are parts of words, with the perplexity.</summary>
/// <param name="say">The user's language.</param>
/// <param name="hasSubwords">Whether they are.</param>
sealed class LossText(Strings say, bool hasSubwords)
{
    public string Text(double loss) => hasSubwords ? $"{loss:F4} ({say.Text("train.perplexity", Math.Exp(loss))})" : $"{loss:F4}";

    /// <summary>Those of several sources.</summary>
    public string Text(IEnumerable<KeyValuePair<string, double>> sources) =>
        string.Join(", ", sources.Select(s => $"{s.Key} {Text(s.Value)}"));
}
