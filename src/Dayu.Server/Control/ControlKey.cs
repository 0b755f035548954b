namespace Dayu.Server;

/// <summary>What the owner of a server can ask of it, who holds its key: to give a model up, or to end.</summary>
/// <param name="Key">Sent as the header <c>X-Dayu-Control</c>.</param>
/// <param name="End">Called when it is to end.</param>
public sealed record ControlKey(ApiKey Key, Action End);
