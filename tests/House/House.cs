using System.Diagnostics;
using System.Xml.Linq;

namespace Dayu.Tests;

/// <summary>The repository as files: what the tests of the house look at.</summary>
static class House
{
    /// <summary>
    /// Every file of the repository, relative, with slashes: those git knows; without git, those .gitignore does not
    /// name.
    /// </summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. (Tracked() ?? Listed()).Where(f => File.Exists(At(f))).Order(StringComparer.Ordinal),
    ];

    /// <summary>Projects under src by name, each with the projects it names.</summary>
    public static IReadOnlyDictionary<string, string[]> References { get; } = Files
        .Where(f => f.StartsWith("src/", StringComparison.Ordinal) && f.EndsWith(".csproj", StringComparison.Ordinal))
        .ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => Includes(f, "ProjectReference").Select(NameOf).ToArray());

    /// <summary>C# files under src.</summary>
    public static IEnumerable<string> Sources =>
        Files.Where(f => f.StartsWith("src/", StringComparison.Ordinal) && f.EndsWith(".cs", StringComparison.Ordinal));

    public static string At(string file) => Path.Combine(Fixtures.Repo, file);

    public static string Text(string file) => File.ReadAllText(At(file));

    public static string[] Lines(string file) => File.ReadAllLines(At(file));

    /// <summary>The project a file of src belongs to: its second folder.</summary>
    public static string ProjectOf(string file) => file.Split('/')[1];

    static string NameOf(string include) => Path.GetFileNameWithoutExtension(include.Replace('\\', '/'));

    /// <summary>What items of a kind in a project file include.</summary>
    public static IEnumerable<string> Includes(string file, string kind) =>
        XDocument.Load(At(file)).Descendants(kind).Select(e => e.Attribute("Include")?.Value).OfType<string>();

    /// <summary>Fails with every line at once: a list of faults is mended faster than one after another.</summary>
    public static void None(string rule, IEnumerable<string> faults)
    {
        string[] all = [.. faults];
        if (all.Length > 0) Assert.Fail($"{rule}:{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", all)}");
    }

    static string[]? Tracked()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z"])
            {
                WorkingDirectory = Fixtures.Repo,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            return git.ExitCode == 0 && files.Contains("Dayu.slnx") ? files : null;
        }
        catch (System.ComponentModel.Win32Exception)                  // no git on this machine
        {
            return null;
        }
    }

    static IEnumerable<string> Listed()
    {
        HashSet<string> ignored = [".git", .. Lines(".gitignore").Select(l => l.TrimEnd('/'))];
        return In(new(Fixtures.Repo)).Select(f => Path.GetRelativePath(Fixtures.Repo, f.FullName).Replace('\\', '/'));

        IEnumerable<FileInfo> In(DirectoryInfo folder) =>
            folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(d => !ignored.Contains(d.Name)).SelectMany(In));
    }
}
