using System.CommandLine;
using System.Text.Json.Nodes;

namespace Dayu.Cli;

/// <summary>Ends a server, or lets it give a model up.</summary>
sealed class StopCommand : CliCommand
{
    static readonly TimeSpan pause = TimeSpan.FromMilliseconds(100), patience = TimeSpan.FromMinutes(1);

    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<int?> port = new("--port") { HelpName = "n" };

    public override IEnumerable<Symbol> Takes => [name, port];

    public override int Run(CommandContext call)
    {
        var server = Chosen(call);
        using var client = new ServedClient(server);
        var address = server.Address.ToString().TrimEnd('/');
        if (call.Get(name) is { } model)
        {
            if (client.Unload(model, call.Cancel) is not true) throw new CliError(3031, model, address);
            Tell(call, "unloaded", model, call.Say.Text("stop.unloaded", model, address));
            return Exit.Ok;
        }
        if (!client.Stop(call.Cancel)) throw new CliError(3030);
        Wait(call, server).GetAwaiter().GetResult();
        Tell(call, "stopped", address, call.Say.Text("stop.stopped", address));
        return Exit.Ok;
    }

    static void Tell(CommandContext call, string key, string value, string text)
    {
        if (call.Out.IsText) call.Out.Text(text + "\n");
        else call.Out.Json(new() { ["v"] = 1, [key] = value });
    }

    /// <summary>The one of that port, else the only one.</summary>
    ServedFile Chosen(CommandContext call)
    {
        ServedFile[] running = [.. ServedFile.All(call)
            .Where(s => call.Get(port) is not { } n || s.Address.Port == n).Where(s => Runs(call, s))];
        return running switch
        {
            [var one] => one,
            [] => throw new CliError(3030),
            _ => throw new CliError(2142, string.Join(", ", running.Select(s => s.Address.Port))),
        };
    }

    static bool Runs(CommandContext call, ServedFile server)
    {
        using var client = new ServedClient(server);
        return client.Models(call.Cancel) is not null;
    }

    /// <summary>Until its answers have come to an end, and its file is gone.</summary>
    static async Task Wait(CommandContext call, ServedFile server)
    {
        var since = call.Terminal.Clock.GetTimestamp();
        while (File.Exists(server.Path) && call.Terminal.Clock.GetElapsedTime(since) < patience)
            await Task.Delay(pause, call.Terminal.Clock, call.Cancel);
    }
}
