using System.Text.RegularExpressions;

namespace Dayu.Tests;

/// <summary>What is written in fenced blocks of the pages.</summary>
static partial class Pages
{
    /// <summary>Every page of the house.</summary>
    public static IEnumerable<string> All => House.Files.Where(f => f.EndsWith(".md", StringComparison.Ordinal));

    /// <summary>The blocks of a page in one language, without their indentation by a list.</summary>
    public static IEnumerable<string[]> Blocks(string page, string language) =>
        Fence().Matches(House.Text(page)).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value.Split('\n')[..^1]);

    /// <summary>Commands of the program in a page's shell blocks, without their comments.</summary>
    public static IEnumerable<string> Commands(string page) =>
        Blocks(page, "sh").SelectMany(b => b).Where(l => l.StartsWith("./dayu", StringComparison.Ordinal))
            .Select(l => Comment().Replace(l, "").TrimEnd());

    /// <summary>
    /// A command's arguments as a shell splits them, with <c>$MODEL</c> and <c>$ENCODER</c> put in; quotes and blanks
    /// are all it may use, so that it is the same in every shell.
    /// </summary>
    public static string[] Arguments(string command, string model, string encoder)
    {
        Assert.DoesNotContain(command, c => c is '|' or '>' or '<' or ';' or '&' or '`' or '\\');
        return [.. Word().Matches(command).Skip(1).Select(m => Filled(m.Value.Trim('"')))];

        string Filled(string word) => word.Replace("$MODEL", model, StringComparison.Ordinal)
            .Replace("$ENCODER", encoder, StringComparison.Ordinal);
    }

    /// <summary>Where a page's links to other files of the repository lead.</summary>
    public static IEnumerable<string> Links(string page) =>
        Link().Matches(House.Text(page)).Select(m => m.Groups[1].Value.Split('#')[0])
            .Where(l => l.Length > 0 && !l.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\s+# .*$")]
    private static partial Regex Comment();

    [GeneratedRegex("\"[^\"]*\"|[^\\s\"]+")]
    private static partial Regex Word();
}
