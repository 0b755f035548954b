namespace Dayu.Training;

/// <summary>What the characters of a text speak for.</summary>
struct ChineseEvidence
{
    /// <summary>Characters that only simplified texts have.</summary>
    public int Simplified;

    /// <summary>Characters that only traditional texts have.</summary>
    public int Traditional;

    /// <summary>Characters that were looked at.</summary>
    public int Characters;

    /// <summary>For classical Chinese over modern, in 1/16 nat.</summary>
    public int Classical;
}
