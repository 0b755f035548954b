namespace Dayu.Training;

/// <summary>What script a text is known to be in.</summary>
enum HanScript
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Simplified.</summary>
    Simplified,

    /// <summary>Traditional.</summary>
    Traditional,
}
