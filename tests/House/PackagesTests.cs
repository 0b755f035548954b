using System.Xml.Linq;

namespace Dayu.Tests;

/// <summary>
/// docs/dependencies.md says of every package what it is for and under which licence; nothing else is used.
/// </summary>
public sealed class PackagesTests
{
    /// <summary>Rows of the table: package, version, licence, where it is used, why.</summary>
    static readonly string[][] listed = [.. House.Lines("docs/dependencies.md").Where(l => l.StartsWith("| ", StringComparison.Ordinal))
        .Select(l => l.Trim('|').Split('|', StringSplitOptions.TrimEntries)).Skip(1)];

    [Fact]
    public void ListIsThatOfTheBuild() => Assert.Equal(
        XDocument.Load(House.At("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(e => $"{e.Attribute("Include")!.Value} {e.Attribute("Version")!.Value}").Order(StringComparer.Ordinal),
        listed.Select(r => $"{r[0]} {r[1]}").Order(StringComparer.Ordinal));

    [Fact]
    public void EveryRowIsFull() =>
        House.None("docs/dependencies.md: package | version | licence | used by | why",
            listed.Where(r => r.Length != 5 || r.Any(c => c.Length == 0)).Select(r => string.Join(" | ", r)));

    /// <summary>So the libraries below the command line have no package but what the table grants them.</summary>
    [Fact]
    public void ProjectsUseOnlyWhatIsGrantedThem() => House.None("docs/dependencies.md does not grant this package to this project",
        from file in House.Files
        where file.EndsWith(".csproj", StringComparison.Ordinal)
        let project = Path.GetFileNameWithoutExtension(file)
        from package in House.Includes(file, "PackageReference")
        where !listed.Any(r => r[0] == package && r[3].Split(", ").Contains(project))
        select $"{project}: {package}");

    [Fact]
    public void EveryGrantIsUsed() => House.None("docs/dependencies.md grants what is not used",
        from row in listed
        from user in row[3].Split(", ")
        where !House.Files.Any(f => IsProject(f, user) && House.Includes(f, "PackageReference").Contains(row[0]))
        select $"{row[0]} to {user}");
    static bool IsProject(string file, string name) =>
        Path.GetFileNameWithoutExtension(file) == name && Path.GetExtension(file) is ".csproj" or ".props";
}
