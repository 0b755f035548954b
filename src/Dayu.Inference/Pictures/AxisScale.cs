namespace Dayu.Inference;

/// <summary>How values lie along an axis.</summary>
public enum AxisScale
{
    /// <summary>Evenly.</summary>
    Linear,

    /// <summary>By their logarithm; values must be above 0.</summary>
    Logarithmic,

    /// <summary>Evenly, as seconds, in the units of clocks.</summary>
    Time,
}
