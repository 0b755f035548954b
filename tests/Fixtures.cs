namespace Dayu.Tests;

/// <summary>
/// Where test data lies: the shared folder (DAYU_SHARED, else ../shared beside the repository), which has everything,
/// and tests/fixtures, a small part of it, so that a fresh clone proves something by itself.
/// </summary>
public static class Fixtures
{
    /// <summary>The repository's root.</summary>
    public static string Repo { get; } = FindRepo();

    /// <summary>The shared folder; null where there is none.</summary>
    public static string? Shared { get; } = FindShared();

    /// <summary>A path in the shared folder; skips the test where it is absent.</summary>
    public static string SharedOrSkip(params string[] parts)
    {
        var path = Path.Combine([Shared ?? "", .. parts]);
        if (Shared is null || !Path.Exists(path))
            Assert.Skip($"{Path.Combine(parts)} is not there; set DAYU_SHARED to the folder of shared fixtures and models");
        return path;
    }

    /// <summary>The folder of golden checkpoints: the shared one, else the small part in this repository.</summary>
    public static string Golden { get; } = Shared is { } shared && Directory.Exists(Path.Combine(shared, "fixtures", "golden"))
        ? Path.Combine(shared, "fixtures", "golden")
        : Path.Combine(Repo, "tests", "fixtures", "golden");

    /// <summary>A path in the golden folder; skips the test where it is absent.</summary>
    public static string GoldenOrSkip(params string[] parts)
    {
        var path = Path.Combine([Golden, .. parts]);
        if (!Path.Exists(path))
            Assert.Skip($"golden {Path.Combine(parts)} is not there; set DAYU_SHARED to the folder of shared fixtures and models");
        return path;
    }

    /// <summary>Names of golden folders that hold these files, found by listing.</summary>
    public static string[] GoldenFolders(params string[] holding) =>
        [
            .. Directory.EnumerateDirectories(Golden).Where(d => holding.All(f => File.Exists(Path.Combine(d, f))))
            .Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal),
        ];

    /// <summary>Paths relative to the golden folder, found by listing.</summary>
    public static string[] GoldenFiles(string pattern) => Files(Golden, pattern);

    /// <summary>Paths relative to a folder of the shared one, found by listing; none where it is absent.</summary>
    public static string[] SharedFiles(string folder, string pattern) => Shared is null ? [] : Files(Path.Combine(Shared, folder), pattern);

    static string[] Files(string folder, string pattern)
    {
        if (!Directory.Exists(folder)) return [];
        var found = Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories);
        return [.. found.Select(p => Path.GetRelativePath(folder, p)).Order(StringComparer.Ordinal)];
    }

    static string FindRepo()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "Dayu.slnx"))) return d.FullName;
        throw new DirectoryNotFoundException($"no Dayu.slnx in any folder above {AppContext.BaseDirectory}; "
            + "run the tests inside the repository");
    }

    static string? FindShared()
    {
        var path = Environment.GetEnvironmentVariable("DAYU_SHARED") is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.Combine(Repo, "..", "shared");
        return Directory.Exists(path) ? path : null;
    }
}
