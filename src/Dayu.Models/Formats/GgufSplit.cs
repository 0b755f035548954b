using System.Text.RegularExpressions;

namespace Dayu.Models;

/// <summary>
/// A GGUF file in several parts, as llama.cpp's gguf-split cuts it: <c>NAME-00001-of-00003.gguf</c> and so on. Each is
/// a GGUF file of its own with some of the tensors; the first has the metadata.
/// </summary>
static partial class GgufSplit
{
    const int MostParts = 99_999;                                     // five digits in the name

    /// <summary>Whether a file is one of several.</summary>
    public static bool IsPart(GgufMetadata m) => m.Int("split.count", 1) > 1;

    /// <summary>Whether a name is that of a part other than the first.</summary>
    public static bool IsLater(string path) => Later().IsMatch(path);

    /// <summary>
    /// The whole file that a part belongs to; the others lie beside it. They belong to the result from now on.
    /// </summary>
    /// <exception cref="FileNotFoundException">One of the others is missing.</exception>
    /// <exception cref="InvalidDataException">The parts do not belong together.</exception>
    public static GgufFile Join(string path, GgufFile part)
    {
        var parts = new SortedDictionary<int, GgufFile>();
        try
        {
            var (number, count) = (part.Metadata.Int("split.no"), part.Metadata.Int("split.count"));
            parts[number] = part;
            if (count > MostParts || number < 0 || number >= count)
                throw new InvalidDataException($"{path}: it is said to be part {number + 1L} of {count}; that cannot be");
            if (!path.EndsWith(Suffix(number, count), StringComparison.Ordinal))
                throw new InvalidDataException($"{path} is part {number + 1} of {count}; "
                    + $"a name that ends in {Suffix(number, count)} was expected, so that the others can be found");
            for (var i = 0; i < count; i++)
                if (i != number) parts[i] = OpenPart($"{path[..^Suffix(number, count).Length]}{Suffix(i, count)}", i, count);
            var (metadata, tensors) = (parts[0].Metadata, TensorFile.Join(parts[0].Tensors.Name, [.. parts.Values.Select(p => p.Tensors)]));
            var (found, expected) = (tensors.Entries.Count + tensors.Unsupported.Count, metadata.Int("split.tensors.count"));
            if (found != expected)
                throw new InvalidDataException($"{tensors.Name}: the {count} parts have {found} tensors, "
                    + $"{expected} were expected (split.tensors.count)");
            metadata.Forget("split.");
            return new(metadata, tensors);
        }
        catch
        {
            foreach (var p in parts.Values) p.Dispose();
            throw;
        }
    }

    static GgufFile OpenPart(string path, int number, int count)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path} is missing: part {number + 1} of {count}; all parts must lie in one folder", path);
        var part = GgufFile.Open(new MappedFile(path));
        var (n, of) = (part.Metadata.Int("split.no", -1), part.Metadata.Int("split.count", -1));
        if ((n, of) == (number, count)) return part;
        part.Dispose();
        throw new InvalidDataException($"{path} says that it is part {n + 1L} of {of}; "
            + $"part {number + 1} of {count} was expected by its name");
    }

    static string Suffix(int number, int count) => $"-{number + 1:00000}-of-{count:00000}.gguf";

    [GeneratedRegex(@"-(?!00001)\d{5}-of-\d{5}\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex Later();
}
