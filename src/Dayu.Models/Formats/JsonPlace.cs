namespace Dayu.Models;

/// <summary>Where, both from 1; a column is a UTF-16 unit.</summary>
public readonly record struct JsonPlace(int Line, int Column);
