using System.CommandLine;
using System.Net;
using Dayu.Inference;
using Dayu.Server;

namespace Dayu.Cli;

/// <summary>Models on the wire.</summary>
sealed class ServeCommand : CliCommand
{
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
        string[] named = [.. call.Get(names) ?? []];
        if (named.Length == 0 && (call.Get(model.Model, Setting.Model)) is { } one) named = [one];
        var fixedOffers = named.Length > 0 ? offers.Of(named) : null;
        await using var models = new ModelHost(fixedOffers is null ? offers.All : () => fixedOffers, call.Terminal.Clock, FreeMemory.Bytes,
            wanted.KeepAlive(call, isNamed: fixedOffers is not null));
        if (models.Offers.Count == 0) throw new CliError(3002, call.Models.NoneAtHand(call.Say));
        await using var server = new DayuServer(wanted.Settings(call), models);
        try { await server.Start(); }
        catch (IOException e) { throw new CliError(6010, wanted.Port(call), e.InnerException?.Message ?? e.Message); }
        var ended = new TaskCompletionSource();
        using var signal = call.Cancel.Register(ended.SetResult);
        call.Out.Text(call.Say.Text("serve.listens", server.Address.ToString().TrimEnd('/')) + "\n");
        if (fixedOffers is [var first, ..]) (await models.Use(first, call.Cancel)).Dispose();
        await ended.Task;
        await server.Stop();
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }
}
