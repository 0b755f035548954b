using Dayu.Hub;

namespace Dayu.Training;

/// <summary>
/// The tokenizer of shard sets: a copy of its files lies once in the folder that holds the sets, and each set knows its hash, so that
/// the two cannot be mixed up and training needs nothing else.
/// </summary>
public static class ShardTokenizer
{
    /// <summary>SHA-256 of a tokenizer's file, in hexadecimal: what a set knows its tokenizer by.</summary>
    /// <param name="path">The file, or a folder that has one.</param>
    public static string Hash(string path) => FileHash.Of(Find(path) ?? path);

    /// <summary>Copies a tokenizer into a folder of sets, where it is not there yet.</summary>
    /// <param name="from">A tokenizer's file, a folder or a model that has one.</param>
    /// <param name="folder">The folder that holds the sets; made where it is not there.</param>
    /// <returns>Where the copy lies, and its hash.</returns>
    /// <exception cref="InvalidDataException">Another tokenizer lies there.</exception>
    /// <exception cref="FileNotFoundException">There is no tokenizer.</exception>
    public static (string Path, string Hash) Keep(string from, string folder)
    {
        if (Find(folder) is { } there)
        {
            var (own, found) = (HashOfCopy(from), Hash(there));
            return own == found ? (there, found) : throw new InvalidDataException(
                $"{there} is another tokenizer (SHA-256 {found[..12]}…) than {from} "
                    + $"({own[..12]}…); the sets beside it were made with it. Take another folder, or remove those sets first");
        }
        TokenizerFiles.Copy(from, folder);
        var copy = TokenizerFiles.Find(folder)!;
        return (copy, Hash(copy));
    }

    /// <summary>The hash that a tokenizer's copy will have: some are written otherwise than they are read (GGUF's).</summary>
    /// <param name="from">As <see cref="Keep"/> takes it.</param>
    /// <exception cref="FileNotFoundException">There is no tokenizer.</exception>
    public static string HashOfCopy(string from)
    {
        var part = Directory.CreateTempSubdirectory("dayu-tokenizer-").FullName;
        try
        {
            TokenizerFiles.Copy(from, part);
            return Hash(part);
        }
        finally { Directory.Delete(part, recursive: true); }
    }

    /// <summary>The tokenizer of a set: in its folder, or in the one that holds it and others; null: there is none.</summary>
    public static string? Beside(string set) => Find(set) ?? Find(Path.GetDirectoryName(Path.GetFullPath(set))!);

    static string? Find(string folder) => Directory.Exists(folder) ? TokenizerFiles.Find(folder) : null;
}
