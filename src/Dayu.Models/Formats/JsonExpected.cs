namespace Dayu.Models;

/// <summary>What JSON should have had at a place: of its grammar, or of the kind that a key's value is.</summary>
public enum JsonExpected
{
    /// <summary>A value.</summary>
    Value,

    /// <summary>The first key, or the object's end.</summary>
    Key,

    /// <summary>A comma and a key, or the object's end.</summary>
    NextKey,

    /// <summary>The colon behind a key.</summary>
    Colon,

    /// <summary>The first value, or the array's end.</summary>
    Item,

    /// <summary>A comma and a value, or the array's end.</summary>
    NextItem,

    /// <summary>An escape: backslashes and control characters do not stand for themselves in a text.</summary>
    Escape,

    /// <summary>The quote that ends a text.</summary>
    Quote,

    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>An object.</summary>
    Object,

    /// <summary>An array.</summary>
    Array,
}
