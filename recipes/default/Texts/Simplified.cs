using Dayu.Training;

namespace Dayu.Recipes;

/// <summary>
/// Traditional characters to simplified ones, one by one: those that the language identifier knows, and rarer ones that poems have
/// (simplified.txt: pairs).
/// </summary>
sealed class Simplified
{
    readonly ushort[] forms = SimplifiedForms.Table();
    readonly Dictionary<char, char> rare = Words.Resource("simplified.txt")
        .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).ToDictionary(p => p[0], p => p[1]);

    /// <summary>A text in simplified characters.</summary>
    public string Of(string text) => string.Create(text.Length, text, (span, from) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = Of(from[i]);
    });

    char Of(char c) => rare.TryGetValue(c, out var simple) ? simple
        : ChineseLetters.Of(c) is < ChineseLetters.Count and var place ? (char)(forms[place] + ChineseLetters.First) : c;
}
