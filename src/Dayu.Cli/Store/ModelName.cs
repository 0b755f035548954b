using System.Text.RegularExpressions;

namespace Dayu.Cli;

/// <summary>
/// Names of stored models, and where they lie: <c>owner/name:tag</c> is the file <c>owner/name@tag.gguf</c> or the folder <c>owner/name@tag</c>.
/// Names are such that every system can have files called so.
/// </summary>
static partial class ModelName
{
    /// <summary>A name that can be stored under.</summary>
    /// <exception cref="CliError">It cannot.</exception>
    public static string Checked(string name)
    {
        if (name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) name = name[..^".gguf".Length];
        return Whole().IsMatch(name) && name.Split('/', ':').All(IsPart) ? name : throw new CliError(2031, name);
    }

    static bool IsPart(string part) => part.Length <= 96 && part[^1] != '.' && !part.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !IsDevice(part);

    /// <summary>Whether Windows takes a file of that name for a device, whatever its extension.</summary>
    public static bool IsDevice(string file) => Device().IsMatch(file);

    /// <summary>Where a model of that name lies, in the folder of models, extension left out.</summary>
    public static string PathOf(string name) => name.Replace(':', '@').Replace('/', Path.DirectorySeparatorChar);

    /// <summary>The name of what lies there.</summary>
    public static string Of(string relativePath)
    {
        var path = relativePath.Replace('\\', '/');
        var part = SplitPart().Match(path);
        foreach (var extension in Extensions)
            if (path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) return (part.Success ? path[..part.Index] : path[..^extension.Length]).Replace('@', ':');
        return path.Replace('@', ':');
    }

    /// <summary>Extensions of models that are one file.</summary>
    public static string[] Extensions { get; } = [".gguf", ".bin", ".safetensors"];

    /// <summary>Whether a file of that name may be a model by itself.</summary>
    public static bool IsFile(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>As one word, for files about it.</summary>
    public static string Flat(string name) => name.Replace(':', '@').Replace('/', '+');

    /// <summary>A name for a file that is called anything.</summary>
    public static string From(string file)
    {
        var part = SplitPart().Match(file);
        var stem = part.Success ? file[..part.Index] : IsFile(file) ? Path.GetFileNameWithoutExtension(file) : file;
        return Checked(Odd().Replace(stem, "-").Trim('-', '.') is { Length: > 0 } name ? name : "model");
    }

    /// <summary>Which part of a model that was split into several GGUF files; 0: none.</summary>
    public static int PartOf(string file) => SplitPart().Match(file) is { Success: true } m ? int.Parse(m.Groups[1].Value) : 0;

    [GeneratedRegex(@"^[\p{L}\p{N}_][\p{L}\p{N}._-]*(/[\p{L}\p{N}_][\p{L}\p{N}._-]*){0,2}(:[\p{L}\p{N}_][\p{L}\p{N}._-]*)?\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)\s*(\.|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex Device();

    [GeneratedRegex(@"-([0-9]{5})-of-[0-9]{5}\.gguf\z", RegexOptions.IgnoreCase)]
    private static partial Regex SplitPart();

    [GeneratedRegex(@"[^\p{L}\p{N}._-]+")]
    private static partial Regex Odd();
}
