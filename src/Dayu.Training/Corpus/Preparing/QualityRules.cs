namespace Dayu.Training;

/// <summary>Which rules of quality a corpus is held to.</summary>
public enum QualityRules
{
    /// <summary>Gopher's, as they fit a language: no upper bound of length; of classical Chinese only what is not about modern prose.</summary>
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
