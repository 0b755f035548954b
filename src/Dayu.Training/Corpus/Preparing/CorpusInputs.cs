using System.Text;
using System.Text.RegularExpressions;

namespace Dayu.Training;

/// <summary>Files, folders and patterns as lists of files, in an order that does not depend on the file system.</summary>
/// <param name="Files">What is read.</param>
/// <param name="Left">Files of folders whose names no format has; they are not read.</param>
public sealed record CorpusInputs(IReadOnlyList<CorpusInput> Files, IReadOnlyList<string> Left)
{
    /// <summary>Finds them.</summary>
    /// <param name="named">Files, folders (with all that lies in them), patterns with <c>*</c>, <c>?</c>, <c>**</c>.</param>
    /// <param name="names">What a source is called; null: as its file or folder. The first of several alike keeps it.</param>
    /// <param name="withIds">Whether folders are also looked through for files of token ids.</param>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    public static CorpusInputs Find(IEnumerable<string> named, Func<string, string?>? names = null, bool withIds = false)
    {
        var (files, left) = (new List<CorpusInput>(), new List<string>());
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { PreparedCorpus.Shards };
        foreach (var name in named)
        {
            var path = Path.GetFullPath(name);
            var (root, all) = Directory.Exists(path) ? (path, Under(path)) : File.Exists(path) ? (path, [path]) : Matching(path);
            if (all.Length == 0) throw new FileNotFoundException($"no such file: {name}", name);
            var said = names?.Invoke(name) ?? NameOf(root);
            if (!CleanedFile.IsName(said)) throw new CorpusException($"a source cannot be called '{said}': its folder has that name");
            var source = Free(said, taken);
            foreach (var file in all)
            {
                var label = file == root ? Path.GetFileName(file) : Path.GetRelativePath(root, file).Replace('\\', '/');
                if (CorpusFile.Knows(file) || file == root || withIds && IdText.Knows(file)) files.Add(new(source, file, label));
                else left.Add(file);
            }
        }
        return new(files, left);
    }

    static string[] Under(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => !IsHidden(folder, f))
            .Order(StringComparer.Ordinal),
    ];

    static bool IsHidden(string root, string file) =>
        Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar).Any(p => p.StartsWith('.'));

    /// <summary>The folder that a pattern begins with, and the files under it that it means.</summary>
    static (string Root, string[] Files) Matching(string pattern)
    {
        var wild = pattern.AsSpan().IndexOfAny('*', '?');
        if (wild < 0) return (pattern, []);
        var root = Path.GetDirectoryName(pattern[..wild] + "x")!;
        if (!Directory.Exists(root)) return (root, []);
        var regex = new Regex($"^{RegexOf(pattern.Replace('\\', '/'))}$", RegexOptions.CultureInvariant);
        return (root, [.. Under(root).Where(f => regex.IsMatch(f.Replace('\\', '/')))]);
    }

    static string RegexOf(string pattern)
    {
        var regex = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest.StartsWith("**/")) (_, i) = (regex.Append("(?:.*/)?"), i + 2);
            else if (rest.StartsWith("**")) (_, i) = (regex.Append(".*"), i + 1);
            else regex.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
        }
        return regex.ToString();
    }

    /// <summary><c>books.en.jsonl.zst</c> → <c>books.en</c>.</summary>
    static string NameOf(string path)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        if (!Directory.Exists(path)) name = Path.GetFileNameWithoutExtension(Packing.NameWithin(name));
        return name.Length == 0 ? "corpus" : name;
    }

    /// <summary>A name that is a folder's, and no other source's.</summary>
    static string Free(string wanted, HashSet<string> taken)
    {
        var plain = string.Concat(wanted.Select(c => c is '/' or '\\' or ':' || char.IsControl(c) ? '_' : c)).TrimStart('.');
        if (plain.Length == 0) plain = "corpus";
        for (var i = 1; ; i++)
            if (taken.Add(i == 1 ? plain : $"{plain}-{i}")) return i == 1 ? plain : $"{plain}-{i}";
    }
}
