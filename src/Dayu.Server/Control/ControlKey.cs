using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>What the owner of a server can ask of it, who holds its key: to give a model up, or to end.</summary>
/// <param name="Key">Sent as the header <see cref="Header"/>.</param>
/// <param name="End">Called when it is to end.</param>
public sealed record ControlKey(ApiKey Key, Action End)
{
    /// <summary>The header of the key.</summary>
    public const string Header = "X-Dayu-Control";

    internal bool IsHeldBy(HttpContext http) => http.Request.Headers[Header] is [{ } said, ..] && Key.Is(said);
}
