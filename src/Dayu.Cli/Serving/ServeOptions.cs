using System.CommandLine;
using System.Net;
using Dayu.Inference;
using Dayu.Server;

namespace Dayu.Cli;

/// <summary>Where a server listens, whom it lets in, and how much it takes on.</summary>
sealed class ServeOptions
{
    const int MostTogether = 256, MostWaiting = 10_000;

    readonly Option<string?> host = new("--host") { HelpName = "address" };
    readonly Option<int?> port = new("--port") { HelpName = "n" };
    readonly Option<string[]> keys = new("--api-key") { HelpName = "key" }, origins = new("--allow-origin") { HelpName = "origin" };
    readonly Option<string[]> hosts = new("--allow-host") { HelpName = "name" };
    readonly Option<bool> anonymous = new("--allow-anonymous"), logText = new("--log-text");
    readonly Option<int?> together = new("--together") { HelpName = "n" }, waiting = new("--waiting") { HelpName = "n" };
    readonly Option<string?> keepAlive = new("--keep-alive") { HelpName = "time" };

    public IEnumerable<Symbol> All => [host, port, keys, anonymous, origins, hosts, together, waiting, keepAlive, logText];

    public int Port(CommandContext call) => InRange(call, port, 0, ushort.MaxValue) ?? ServerSettings.DefaultPort;

    /// <summary>How much a model's engine takes on.</summary>
    public EngineLimits Limits(CommandContext call, ModelOptions model) => new()
    {
        Context = model.ContextWanted(call),
        Together = InRange(call, together, 1, MostTogether) ?? new EngineLimits().Together,
        Waiting = InRange(call, waiting, 0, MostWaiting) ?? new EngineLimits().Waiting,
    };

    /// <summary>How long a model stays after its last use; null: for good.</summary>
    public TimeSpan? KeepAlive(CommandContext call, bool isNamed) => call.Get(keepAlive) is not { } said
        ? isNamed ? null : TimeSpan.FromMinutes(5)
        : Dayu.Server.KeepAlive.Parse(said) ?? throw new CliError(2006, call.Say.Text("serve.no-time", said));

    /// <summary>Of the server.</summary>
    public ServerSettings Settings(CommandContext call)
    {
        var address = Address(call);
        string[] said = [.. call.Get(keys) ?? [], .. call.Terminal.Variable("DAYU_API_KEY") is { } key ? (string[])[key] : []];
        if (!IPAddress.IsLoopback(address) && said.Length == 0 && !call.Get(anonymous)) throw new CliError(2140, address);
        return new()
        {
            Address = address, Port = Port(call), Keys = [.. said.Select(ApiKey.Of)], AllowsAnonymous = call.Get(anonymous),
            Origins = call.Get(origins) ?? [], Hosts = call.Get(hosts) ?? [], Clock = call.Terminal.Clock,
            Luck = () => BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)),
            Log = new RequestLog(call).Write, LogsText = call.Get(logText),
        };
    }

    IPAddress Address(CommandContext call) => call.Get(host) switch
    {
        null or "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        var said => IPAddress.TryParse(said.Trim('[', ']'), out var address) ? address : throw new CliError(2141, said),
    };

    static int? InRange(CommandContext call, Option<int?> option, int least, int most) => call.Get(option) switch
    {
        { } n when n < least || n > most => throw new CliError(2006, call.Say.Text("out-of-range", option.Name, n, least, most)),
        var n => n,
    };
}
