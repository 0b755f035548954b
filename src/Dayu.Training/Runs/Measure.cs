namespace Dayu.Training;

/// <summary>Something that is measured of a model while it is trained, by whoever trains it.</summary>
/// <param name="Name">As recipes and metrics call it: <c>lambada</c>.</param>
/// <param name="HigherIsBetter">Else lower is.</param>
/// <param name="Of">Measures; a value that is no number is left out.</param>
public sealed record Measure(string Name, bool HigherIsBetter, Func<Hub.Pretrained, CancellationToken, double> Of);
