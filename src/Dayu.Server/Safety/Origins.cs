using System.Net;

namespace Dayu.Server;

/// <summary>Which pages may ask, and under which names this server is known.</summary>
/// <param name="settings">What was said.</param>
sealed class Origins(ServerSettings settings)
{
    const string AnyHost = "://*", AnyPort = ":*";

    /// <summary>
    /// Whether a request came to a name that is this server's. A page whose name was bound to this machine's address for a moment (DNS
    /// rebinding) comes with a name of its own.
    /// </summary>
    public bool IsOwnHost(string host)
    {
        var name = host.Trim('[', ']').TrimEnd('.');
        return name.Length == 0 || IPAddress.TryParse(name, out _) || Same(name, "localhost")
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || settings.Hosts.Any(h => Same(h, name));
    }

    /// <summary>Whether pages of that origin may ask, beside the server's own.</summary>
    public bool Allows(string origin) => settings.Origins.Any(o => o.Length > 0 && Matches(o, origin));

    /// <summary>
    /// <c>*</c> is any; <c>app://*</c> any of that scheme; <c>http://localhost:*</c> any port; all else stands for itself.
    /// </summary>
    static bool Matches(string allowed, string origin)
    {
        if (allowed == "*" || Same(allowed.TrimEnd('/'), origin)) return true;
        var begins = origin.StartsWith(allowed[..^1], StringComparison.OrdinalIgnoreCase);
        if (allowed.EndsWith(AnyHost, StringComparison.Ordinal)) return begins;
        return allowed.EndsWith(AnyPort, StringComparison.Ordinal)
            && (Same(allowed[..^AnyPort.Length], origin) || begins && origin[(allowed.Length - 1)..].All(char.IsAsciiDigit));
    }

    static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
