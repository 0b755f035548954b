using System.Text.RegularExpressions;

namespace Dayu.Tests;

/// <summary>
/// References run one way: tensors know maths, models know papers, inference and training know time, the command line
/// knows people.
/// </summary>
public sealed partial class ReferencesTests
{
    /// <summary>Who may name whom. A project that is not here is not in the house.</summary>
    static readonly Dictionary<string, string[]> allowed = new()
    {
        ["Dayu.Tensors"] = [],
        ["Dayu.Text"] = [],
        ["Dayu.Templates"] = [],
        ["Dayu.Reference"] = ["Dayu.Tensors"],
        ["Dayu.Cpu"] = ["Dayu.Tensors"],
        ["Dayu.Models"] = ["Dayu.Tensors"],
        ["Dayu.Inference"] = ["Dayu.Hub"],
        ["Dayu.Hub"] = ["Dayu.Models", "Dayu.Templates", "Dayu.Text"],
        ["Dayu.Training"] = ["Dayu.Hub"],
        ["Dayu.Server"] = ["Dayu.Inference"],
        ["Dayu.Web"] = [],
        ["Dayu.Cli"] = ["Dayu.Inference", "Dayu.Training", "Dayu.Server", "Dayu.Web", "Dayu.Cpu"],
    };

    [Fact]
    public void ProjectsNameOnlyThoseBelowThem() => House.None("references must run one way (docs/map.md)",
        from project in House.References
        from to in project.Value
        where !allowed.GetValueOrDefault(project.Key, []).Contains(to)
        select $"{project.Key} → {to}");

    [Fact]
    public void EveryProjectHasItsPlace() => Assert.Equal(allowed.Keys.Order(), House.References.Keys.Order());

    [Fact]
    public void NoProjectNamesItselfByWayOfOthers() =>
        House.None("these references go in a circle", House.References.Keys.Where(p => Below(p).Contains(p)));

    [Fact]
    public void NamespaceIsProject() => House.None("a file's namespace is its project's; folders make none",
        from file in House.Sources
        from line in House.Lines(file)
        where line.StartsWith("namespace ", StringComparison.Ordinal) && line != $"namespace {House.ProjectOf(file)};"
        select $"{file}: {line}");

    [Fact]
    public void NamespacesKnowOnlyThoseBelowThem() => House.None("a namespace names only those its project may name",
        from file in House.Sources
        let below = Below(House.ProjectOf(file)).Append(House.ProjectOf(file)).ToHashSet()
        from Match m in HouseNamespace().Matches(House.Text(file))
        where House.References.ContainsKey(m.Value) && !below.Contains(m.Value)
        select $"{file}: {m.Value}");

    [Fact]
    public void SolutionHasEveryProject() => Assert.Equal(
        House.Files.Where(f => f.EndsWith(".csproj", StringComparison.Ordinal))
            .Order(), House.Files.Where(f => f == "Dayu.slnx").SelectMany(Solution).Order());

    static IEnumerable<string> Solution(string file) =>
        System.Xml.Linq.XDocument.Load(House.At(file)).Descendants("Project").Select(e => e.Attribute("Path")!.Value);

    static HashSet<string> Below(string project)
    {
        var found = new HashSet<string>();
        var open = new Stack<string>(House.References.GetValueOrDefault(project, []));
        while (open.TryPop(out var p)) if (found.Add(p)) foreach (var next in House.References.GetValueOrDefault(p, [])) open.Push(next);
        return found;
    }

    [GeneratedRegex(@"\bDayu\.[A-Z][A-Za-z]*\b")]
    private static partial Regex HouseNamespace();
}
