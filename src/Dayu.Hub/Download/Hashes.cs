using System.Security.Cryptography;
using System.Text;

namespace Dayu.Hub;

/// <summary>
/// Hashes of a file while it is written: SHA-256, and git's SHA-1 where that is what the server knows.
/// </summary>
sealed class Hashes : IDisposable
{
    readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly IncrementalHash? sha1;

    /// <param name="gitLength">The file's length, which git hashes first; null: no SHA-1 is wanted.</param>
    public Hashes(long? gitLength)
    {
        if (gitLength is not { } length) return;
        sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);    // names the content, as git does; it protects nothing
        sha1.AppendData(Encoding.ASCII.GetBytes($"blob {length}\0"));
    }

    /// <summary>How many bytes were added.</summary>
    public long Bytes { get; private set; }

    public string Sha256 => Convert.ToHexStringLower(sha256.GetCurrentHash());

    public string? GitSha1 => sha1 is null ? null : Convert.ToHexStringLower(sha1.GetCurrentHash());

    public void Add(ReadOnlySpan<byte> bytes)
    {
        sha256.AppendData(bytes);
        sha1?.AppendData(bytes);
        Bytes += bytes.Length;
    }

    /// <summary>Adds what a stream gives, up to so many bytes in all.</summary>
    public async Task AddAsync(Stream from, long most, CancellationToken cancel)
    {
        var buffer = new byte[1 << 17];
        while (Bytes < most && await from.ReadAsync(buffer, cancel) is > 0 and var n) Add(buffer.AsSpan(0, n));
    }

    public void Dispose()
    {
        sha256.Dispose();
        sha1?.Dispose();
    }
}
