using System.Security.Cryptography;
using System.Text;

namespace Dayu.Server;

/// <summary>A key that lets someone in. Only its hash is kept.</summary>
public sealed class ApiKey
{
    const string Prefix = "sha256:";

    readonly byte[] hash;

    ApiKey(byte[] hash) => this.hash = hash;

    /// <summary>The key that was said, or whose hash was said: <c>sha256:</c> and 64 hexadecimal digits.</summary>
    /// <exception cref="ArgumentException">It is empty, or no hash.</exception>
    public static ApiKey Of(string said)
    {
        if (said.Trim().Length == 0) throw new ArgumentException("the key is empty; any text will do, a long random one is best");
        if (!said.StartsWith(Prefix, StringComparison.Ordinal)) return new(HashOf(said));
        try
        {
            var hash = Convert.FromHexString(said[Prefix.Length..]);
            if (hash.Length == SHA256.HashSizeInBytes) return new(hash);
        }
        catch (FormatException) { }
        throw new ArgumentException($"a key's hash is {Prefix} and {2 * SHA256.HashSizeInBytes} hexadecimal digits");
    }

    /// <summary>Who holds it, as those who take turns are told apart.</summary>
    public string Owner => Convert.ToHexString(hash.AsSpan(0, 4));

    /// <summary>Whether this is the key; takes as long whatever is wrong with it.</summary>
    public bool Is(string said) => CryptographicOperations.FixedTimeEquals(HashOf(said), hash);

    /// <summary>As it can be written down.</summary>
    public override string ToString() => Prefix + Convert.ToHexStringLower(hash);

    static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
