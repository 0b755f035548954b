namespace Dayu.Training;

/// <summary>Which rules of quality a corpus is held to.</summary>
public enum QualityRules
{
    /// <summary>Gopher's, as they fit a language: without an upper bound of length; for classical Chinese without what is modern.</summary>
    Auto,
    /// <summary>None.</summary>
    None,
    /// <summary>Gopher's, with the paper's thresholds for English and ours for Chinese.</summary>
    Gopher,
    /// <summary>C4's, which drop lines first.</summary>
    C4,
    /// <summary>C4's on lines and documents, then Gopher's.</summary>
    All,
}
