using System.Text.RegularExpressions;

namespace Dayu.Recipes;

/// <summary>The prompts that the model is judged by (prompts.md): what stands in bold must be in no training text.</summary>
sealed partial class HeldPrompts
{
    readonly string[] contents;

    /// <summary>Reads the page.</summary>
    public HeldPrompts(string path)
    {
        contents = [.. File.ReadLines(path).Where(l => Numbered().IsMatch(l)).Select(l => Plain(Bold().Match(l).Groups[1].Value))];
        if (contents.Length != 40) throw new InvalidDataException($"{path}: {contents.Length} prompts, expected 40");
    }

    /// <summary>Whether a text holds one of them, whatever its case, spaces and punctuation.</summary>
    public bool AreIn(string text)
    {
        var plain = Plain(text);
        return Array.Exists(contents, c => plain.Contains(c, StringComparison.Ordinal));
    }

    static string Plain(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    [GeneratedRegex(@"^\d+\. ")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"\*\*(.+?)\*\*")]
    private static partial Regex Bold();
}
