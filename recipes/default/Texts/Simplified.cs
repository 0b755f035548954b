namespace Dayu.Recipes;

/// <summary>Traditional characters to simplified ones, one by one (simplified.txt: pairs): most poems at hand are traditional.</summary>
sealed class Simplified
{
    readonly Dictionary<char, char> pairs = Words.Resource("simplified.txt")
        .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToDictionary(p => p[0], p => p[1]);

    /// <summary>A text in simplified characters.</summary>
    public string Of(string text) => string.Create(text.Length, text, (span, from) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = pairs.GetValueOrDefault(from[i], from[i]);
    });
}
