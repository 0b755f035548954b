namespace Dayu.Models;

/// <summary>What JSON has there instead.</summary>
public enum JsonFound
{
    /// <summary>A character.</summary>
    Character,

    /// <summary>A control character.</summary>
    Control,

    /// <summary>Nothing more.</summary>
    End,

    /// <summary>More objects and arrays within each other than are read.</summary>
    TooDeep,

    /// <summary>Half of a surrogate pair, or bytes that are no UTF-8.</summary>
    NotUnicode,

    /// <summary>A key for the second time.</summary>
    Repeated,

    /// <summary>A value of another kind.</summary>
    Value,

    /// <summary>No such key.</summary>
    Missing,
}
