using System.Text.RegularExpressions;

namespace Dayu.Hub;

/// <summary>
/// Names of stored models, and where they lie: <c>owner/name:tag</c> is the file <c>owner/name@tag.gguf</c>,
/// or the folder <c>owner/name@tag</c>. Every file system can hold files of these names.
/// </summary>
public static partial class ModelName
{
    static readonly string[] extensions = [".gguf", ".bin", ".safetensors"];

    /// <summary>A name that a model can be stored under; the extension <c>.gguf</c> is dropped.</summary>
    /// <exception cref="ModelNameException">No file system, or not every one, can hold it.</exception>
    public static string Checked(string name)
    {
        if (name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)) name = name[..^".gguf".Length];
        return Whole().IsMatch(name) && name.Split('/', ':').All(IsPart) ? name : throw new ModelNameException(name);
    }

    /// <summary>A name for a file or folder that may be called anything.</summary>
    public static string From(string file)
    {
        var part = SplitPart().Match(file);
        var stem = part.Success ? file[..part.Index] : IsFile(file) ? Path.GetFileNameWithoutExtension(file) : file;
        return Checked(Odd().Replace(stem, "-").Trim('-', '.') is { Length: > 0 } name ? name : "model");
    }

    /// <summary>Whether a file of that name may be a model by itself.</summary>
    public static bool IsFile(string path) => extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The number of this part, from 1, of a model that was split into several GGUF files; 0 for other files.
    /// </summary>
    public static int PartOf(string file) => SplitPart().Match(file) is { Success: true } m ? int.Parse(m.Groups[1].Value) : 0;

    /// <summary>
    /// The path of a part of a split model without its number and extension: the same for all its parts.
    /// </summary>
    internal static string WithoutPart(string file) => SplitPart().Match(file) is { Success: true } m ? file[..m.Index] : file;

    /// <summary>Where a model of that name lies in the store's folder, without the extension.</summary>
    internal static string PathOf(string name) => name.Replace(':', '@').Replace('/', Path.DirectorySeparatorChar);

    /// <summary>The name of what lies at a path in the store's folder.</summary>
    internal static string OfPath(string relativePath)
    {
        var path = relativePath.Replace('\\', '/');
        return (PartOf(path) > 0 ? WithoutPart(path) : IsFile(path) ? Path.ChangeExtension(path, null) : path).Replace('@', ':');
    }

    /// <summary>As one word, for files about the model.</summary>
    internal static string Flat(string name) => name.Replace(':', '@').Replace('/', '+');

    /// <summary>The name that <see cref="Flat"/> was made of.</summary>
    internal static string OfFlat(string word) => word.Replace('+', '/').Replace('@', ':');

    /// <summary>Whether Windows takes a file of that name for a device, whatever its extension.</summary>
    internal static bool IsDevice(string file) => Device().IsMatch(file);

    static bool IsPart(string part) =>
        part.Length <= 96 && part[^1] != '.' && !part.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !IsDevice(part);

    [GeneratedRegex(@"^[\p{L}\p{N}_][\p{L}\p{N}._-]*(/[\p{L}\p{N}_][\p{L}\p{N}._-]*){0,2}(:[\p{L}\p{N}_][\p{L}\p{N}._-]*)?\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)\s*(\.|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex Device();

    [GeneratedRegex(@"-([0-9]{5})-of-[0-9]{5}\.gguf\z", RegexOptions.IgnoreCase)]
    private static partial Regex SplitPart();

    [GeneratedRegex(@"[^\p{L}\p{N}._-]+")]
    private static partial Regex Odd();
}
