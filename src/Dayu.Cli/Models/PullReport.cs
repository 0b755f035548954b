using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>Tells how far a pull is, and what goes wrong on the way.</summary>
/// <param name="call">Who waits.</param>
/// <param name="source">What is pulled.</param>
/// <param name="resume">The command that continues it.</param>
sealed class PullReport(CommandContext call, PullSource source, string resume) : IDisposable
{
    const string Hub = "huggingface.co", Mirror = "hf-mirror.com";

    Progress? progress;

    /// <summary>Tells of an event.</summary>
    public void Tell(PullEvent e)
    {
        switch (e)
        {
            case FilesChosen f:
                CheckMemory(Math.Max(f.Bytes, source.Known?.Memory ?? 0));
                break;
            case FileStarted f:
                progress = new(call, f.Count == 1 ? f.Path : $"{f.Path} ({f.Index}/{f.Count})", "bytes") { Show = Units.Bytes };
                break;
            case FileProgress f:
                progress?.Report(f.Bytes, f.Total ?? 0);
                break;
            case FileRestarted f:
                progress?.Dispose();
                call.Out.Note(call.Say.Text("pull.restarts", f.Path));
                break;
            case FileFinished { File: var f }:
                Dispose();
                call.Out.Note($"{f.Path}  {Units.Bytes(f.Bytes)}  sha256 {f.Sha256[..12]}");
                break;
            case RetryScheduled r:
                progress?.Dispose();
                var what = r.Cause.IsConnectFailure ? "pull.unreached" : "pull.again";
                call.Out.Note(call.Say.Text(what, r.Host, Why(r.Cause), $"{r.Wait.TotalSeconds:F0}", r.Try, r.Tries));
                break;
            case HubChanged h:
                Dispose();
                call.Out.Note(call.Say.Text("pull.next", h.From.Authority, h.To.Authority, Number(h.Cause)));
                break;
        }
    }

    /// <summary>The error that says how to continue.</summary>
    public CliError Unreachable(HubUnreachableException e) => e switch
    {
        { RetryAfter: { } wait } => new(6002, e.Host, Why(e.Cause), Units.Time(wait), resume),
        { HasAnswered: false } when source.Address is null =>
            new(6003, e.Host, Why(e.Cause), $"https://{(e.Host == Mirror ? Hub : Mirror)}", resume),
        _ => new(6001, e.Host, Why(e.Cause), resume),
    };

    /// <summary>A model that does not fit is fetched all the same: it may be for another machine.</summary>
    void CheckMemory(long needed)
    {
        if (needed > call.Terminal.Memory)
            call.Out.Warn(call.Say.Text("pull.memory", Units.Bytes(needed), Units.Bytes(call.Terminal.Memory)));
    }

    int Number(HubException e) => e is HubUnreachableException u ? Unreachable(u).Number : HubErrors.Of(e).Number;

    string Why(TransientException e) => e.Discarded is { } file ? call.Say.Text("pull.wrong-part", file) : e.Message;

    /// <summary>Wipes the line of the file that is on its way.</summary>
    public void Dispose()
    {
        progress?.Dispose();
        progress = null;
    }
}
