using System.Text.RegularExpressions;

namespace Dayu.Tests;

/// <summary>The tree is the map: README's and the repository's are the same.</summary>
public sealed partial class TreeTests
{
    public static TheoryData<string> Readmes => ["README.md", "README.zh-CN.md"];

    /// <summary>
    /// The first fenced block that starts with <c>src/</c> or has it in a line of its own; a path is its folders by
    /// indentation; several names may share a line and its phrase.
    /// </summary>
    static List<(string[] Paths, string Phrase)> Tree(string readme)
    {
        var block = Fence().Matches(House.Text(readme)).Select(m => m.Groups[1].Value)
            .Single(b => b.Split('\n').Contains("src/") || b.Contains("\nsrc/ ", StringComparison.Ordinal));
        var entries = new List<(string[], string)>();
        var folders = new Stack<(int Indent, string Path)>();
        foreach (var line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var m = Entry().Match(line);
            Assert.True(m.Success, $"{readme}: '{line}' is no line of a tree: names, two spaces, a phrase");
            var indent = m.Groups[1].Length;
            while (folders.TryPeek(out var f) && f.Indent >= indent) folders.Pop();
            var at = folders.TryPeek(out var parent) ? parent.Path : "";
            string[] names = [.. m.Groups[2].Value.Split(' ').Select(n => at + n)];
            if (names is [var one] && one.EndsWith('/')) folders.Push((indent, one));
            entries.Add((names, m.Groups[3].Value));
        }
        return entries;
    }

    /// <summary>
    /// What a tree has to show: everything at the top, every folder below src but those of programs' own making, and
    /// the folders of docs and tests it likes to.
    /// </summary>
    static SortedSet<string> Shown => [.. House.Files.SelectMany(f => f.Split('/') switch
    {
        [var file] => [file],
        ["src", var project, var folder, _, ..] => ["src/", $"src/{project}/", $"src/{project}/{folder}/"],
        ["src", var project, _] => (string[])["src/", $"src/{project}/"],
        [var top, ..] => [top + "/"],
        _ => [],
    })];

    [Theory, MemberData(nameof(Readmes))]
    public void TreeIsTheRepository(string readme)
    {
        var named = Tree(readme).SelectMany(e => e.Paths).ToHashSet();
        House.None($"{readme}'s tree lacks", Shown.Where(p => !named.Contains(p)));
        static bool IsThere(string p) => Path.Exists(House.At(p))
            && House.Files.Any(f => f == p || p.EndsWith('/') && f.StartsWith(p, StringComparison.Ordinal));
        House.None($"{readme}'s tree names what is not there", named.Where(p => !IsThere(p)));
    }

    [Theory, MemberData(nameof(Readmes))]
    public void EveryEntryHasAPhrase(string readme) =>
        House.None($"{readme}: a phrase for each",
            Tree(readme).Where(e => e.Phrase.Length == 0 && e.Paths is not ["src/"]).Select(e => string.Join(' ', e.Paths)));

    [GeneratedRegex(@"^```\w*\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(\s*)(\S+(?: \S+)*?)(?:\s{2,}(\S.*))?$")]
    private static partial Regex Entry();
}
