using System.Text.RegularExpressions;

namespace Dayu.Tests;

/// <summary>One file, one idea, read in one sitting; nothing left half done.</summary>
public sealed partial class SourceTests
{
    static readonly string[] code = [".cs", ".csproj", ".props", ".js", ".sh", ".cu"];

    static IEnumerable<(string File, int Lines)> Lengths =>
        House.Files.Where(f => code.Contains(Path.GetExtension(f))).Select(f => (f, House.Lines(f).Length));

    [Fact]
    public void NoFileIsOver400Lines() =>
        House.None("no file over 400 lines: find the two ideas in it",
            Lengths.Where(f => f.Lines > 400).Select(f => $"{f.File}: {f.Lines}"));

    [Fact]
    public void MostFilesAreShort()
    {
        int[] lines = [.. House.Sources.Select(f => House.Lines(f).Length).Order()];
        Assert.InRange(lines[lines.Length / 2], 1, 100);
        Assert.InRange(lines[lines.Length * 9 / 10], 1, 250);
    }

    /// <summary>
    /// The habit is 120. Where a line is longer there is usually a name or a method missing, or a table wants one case
    /// a line.
    /// </summary>
    [Fact]
    public void NoLineIsOver140Characters() => House.None("no line of C# over 140 characters: give what is in it a name",
        from file in House.Files
        where file.EndsWith(".cs", StringComparison.Ordinal) && file.Split('/')[0] is ("src" or "tests" or "bench" or "recipes")
        from line in House.Lines(file).Index()
        let characters = line.Item.EnumerateRunes().Count()
        where characters > 140
        select $"{file}:{line.Index + 1}: {characters} characters");

    [Fact]
    public void NothingIsLeftHalfDone() => House.None("finish it, or leave it out and say so", Found(House.Sources, Leftover()));

    /// <summary>The command line is the one place that talks to people.</summary>
    [Fact]
    public void LibrariesAreSilent() => House.None("a library takes what it needs as arguments and writes to no console",
        Found(House.Sources.Where(f => House.ProjectOf(f) != "Dayu.Cli"), ConsoleUse()));

    /// <summary>
    /// The command line is one of several that use a library: it adds the options that help a person by itself.
    /// </summary>
    [Fact]
    public void LibrariesNameNoOptionOfTheCommandLine() => House.None("a library's message says what to do in terms of the library",
        Found(House.Sources.Where(f => House.ProjectOf(f) != "Dayu.Cli"), OptionInText()));

    [Fact]
    public void PublicThingsAreDocumented()
    {
        var props = House.Text("Directory.Build.props");
        Assert.Contains("<GenerateDocumentationFile>true</GenerateDocumentationFile>", props);
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", props);
        var settings = House.Files.Where(f => f is "Directory.Build.props" or ".editorconfig");
        House.None("CS1591 (a public thing without a word about it) stays an error in src",
            Found(settings.Concat(House.Files.Where(f => f.StartsWith("src/", StringComparison.Ordinal))), Undocumented()));
    }

    [Fact]
    public void ShapesUseTheLettersOfTheTable()
    {
        var letters = House.Lines("docs/shapes.md").Where(l => l.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(l => l.Split('|')[1].Split(',', StringSplitOptions.TrimEntries)).ToHashSet();
        House.None("docs/shapes.md does not have this letter",
            from file in House.Sources
            from Match shape in ShapeInComment().Matches(House.Text(file))
            from Match letter in Letter().Matches(shape.Groups[1].Value)
            where !letters.Contains(letter.Value)
            select $"{file}: {letter.Value} in [{shape.Groups[1].Value}]");
    }

    static IEnumerable<string> Found(IEnumerable<string> files, Regex what) =>
        from file in files
        where !file.EndsWith(".xml", StringComparison.Ordinal)
        from line in House.Lines(file).Index()
        where what.IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b|^\s*#region")]
    private static partial Regex Leftover();

    [GeneratedRegex(@"(?:// |"">|<returns>)\[([^\]\n]+)\]")]
    private static partial Regex ShapeInComment();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]*\b")]
    private static partial Regex Letter();

    [GeneratedRegex(@"\bConsole\.")]
    private static partial Regex ConsoleUse();

    /// <summary>Behind an odd number of quotes: two dashes and a word, where a word begins.</summary>
    [GeneratedRegex("""^(?!\s*//)(?:[^"]*"[^"]*")*[^"]*"[^"]*(?<![\w-])--[a-z]""")]
    private static partial Regex OptionInText();

    [GeneratedRegex(@"\b(CS)?1591\b")]
    private static partial Regex Undocumented();
}
