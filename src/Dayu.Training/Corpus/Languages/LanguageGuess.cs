namespace Dayu.Training;

/// <summary>What a text is written in.</summary>
/// <param name="Language">One of <see cref="CorpusLanguages.All"/>.</param>
/// <param name="Probability">How sure, 0 … 1; of a text of several scripts it is lower by the share of the others.</param>
public sealed record LanguageGuess(string Language, double Probability);
