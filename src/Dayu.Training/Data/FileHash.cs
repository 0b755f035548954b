using System.Security.Cryptography;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>Hashes of files that may be larger than memory.</summary>
public static class FileHash
{
    const int Piece = 1 << 22;

    /// <summary>SHA-256 of a file, in hexadecimal.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Of(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>SHA-256 of a mapped file, in hexadecimal.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static string Of(MappedFile file, CancellationToken cancel = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var at = 0L; at < file.Length; at += Piece)
        {
            cancel.ThrowIfCancellationRequested();
            hash.AppendData(file.Bytes(at, Math.Min(Piece, file.Length - at)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
