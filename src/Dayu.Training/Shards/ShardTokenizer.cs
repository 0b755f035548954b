using System.Security.Cryptography;
using Dayu.Hub;

namespace Dayu.Training;

/// <summary>
/// The tokenizer of shard sets: a copy of its files lies once in the folder that holds the sets, and each set knows its hash, so that
/// the two cannot be mixed up and training needs nothing else.
/// </summary>
public static class ShardTokenizer
{
    /// <summary>SHA-256 of a tokenizer's file, in hexadecimal: what a set knows its tokenizer by.</summary>
    public static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Copies a tokenizer into a folder of sets, where it is not there yet.</summary>
    /// <param name="from">A tokenizer's file, a folder or a model that has one.</param>
    /// <param name="folder">The folder that holds the sets; made where it is not there.</param>
    /// <returns>Where the copy lies, and its hash.</returns>
    /// <exception cref="InvalidDataException">Another tokenizer lies there.</exception>
    /// <exception cref="FileNotFoundException">There is no tokenizer.</exception>
    public static (string Path, string Hash) Keep(string from, string folder)
    {
        if (Directory.Exists(folder) && TokenizerFiles.Find(folder) is { } there)
        {
            var part = Path.Combine(folder, $".tokenizer-{Guid.NewGuid():N}");
            try
            {
                TokenizerFiles.Copy(from, part);                      // some are written otherwise than they are read: GGUF's
                var (own, found) = (Hash(TokenizerFiles.Find(part)!), Hash(there));
                return own == found ? (there, found) : throw new InvalidDataException(
                    $"{there} is another tokenizer (SHA-256 {found[..12]}…) than {from} "
                        + $"({own[..12]}…); the sets beside it were made with it. Take another folder, or remove those sets first");
            }
            finally
            {
                if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
            }
        }
        TokenizerFiles.Copy(from, folder);
        var copy = TokenizerFiles.Find(folder)!;
        return (copy, Hash(copy));
    }

    /// <summary>The tokenizer of a set: in its folder, or in the one that holds it and others; null: there is none.</summary>
    public static string? Beside(string set) => Find(set) ?? Find(Path.GetDirectoryName(Path.GetFullPath(set))!);

    static string? Find(string folder) => Directory.Exists(folder) ? TokenizerFiles.Find(folder) : null;
}
