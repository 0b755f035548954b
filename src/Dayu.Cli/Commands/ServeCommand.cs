using System.CommandLine;
using System.Security.Cryptography;
using Dayu.Server;
using Dayu.Web;

namespace Dayu.Cli;

/// <summary>Models on the wire.</summary>
sealed class ServeCommand : CliCommand
{
    static readonly TimeSpan afterGrace = TimeSpan.FromSeconds(10);  // until what holds out is ended by force

    readonly Argument<string[]> names = new("models") { Arity = ArgumentArity.ZeroOrMore };
    readonly ModelOptions model = new();
    readonly ServeOptions wanted = new();

    public override IEnumerable<Symbol> Takes => [names, .. model.All, .. wanted.All];

    public override Format[] Formats => [Format.Table];

    public override string[] Variables => ["DAYU_API_KEY"];

    public override int Run(CommandContext call)
    {
        var on = model.OpenBackend(call);
        try { return Serve(call, new(call, model, on, wanted.Limits(call, model))).GetAwaiter().GetResult(); }
        finally { (on as IDisposable)?.Dispose(); }
    }

    async Task<int> Serve(CommandContext call, Offers offers)
    {
        var named = Named(call) is { Length: > 0 } all ? offers.Of(all) : null;
        foreach (var offer in named ?? []) offer.Bytes();            // who cannot be read is told before anybody is told where to ask
        await using var models = new ModelHost(named is null ? offers.All : () => named, call.Terminal.Clock, FreeMemory.Bytes,
            wanted.KeepAlive(call, isNamed: named is not null));
        if (models.Offers.Count == 0) throw new CliError(3002, call.Models.NoneAtHand(call.Say));
        var (ended, key) = (new TaskCompletionSource(), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        var settings = wanted.Settings(call) with { Control = new(ApiKey.Of(key), () => ended.TrySetResult()) };
        await using var server = new DayuServer(settings, models, pages => pages.MapDayuPage());
        await Start(call, server);
        var file = ServedFile.Write(call, server.Address, key);
        call.Terminal.Interrupts.Grace = settings.Grace + afterGrace;
        using var signal = call.Cancel.Register(() => ended.TrySetResult());
        try
        {
            call.Out.Text(call.Say.Text("serve.listens", server.Address.ToString().TrimEnd('/')) + "\n");
            if (named is [var first, ..]) await Load(models, first, ended.Task);
            await ended.Task;
            await server.Stop();
        }
        finally { file.Remove(); }
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }

    async Task Start(CommandContext call, DayuServer server)
    {
        try { await server.Start(call.Cancel); }
        catch (IOException e) { throw new CliError(6010, wanted.Port(call), e.InnerException?.Message ?? e.Message); }
        catch (System.Net.Sockets.SocketException e) { throw new CliError(6010, wanted.Port(call), e.Message); }
    }

    /// <summary>The first that was named is there when it is asked for; what is wrong with it is known at once.</summary>
    static async Task Load(ModelHost models, ModelOffer offer, Task ended)
    {
        var loading = models.Use(offer);
        if (await Task.WhenAny(loading, ended) == loading) (await loading).Dispose();
    }

    string[] Named(CommandContext call)
    {
        string[] all = [.. call.Get(names) ?? [], .. call.Get(model.Model) is { } said ? (string[])[said] : []];
        return all.Length > 0 ? all : call.Settings.Text(Setting.Model) is { } set ? [set] : [];
    }
}
