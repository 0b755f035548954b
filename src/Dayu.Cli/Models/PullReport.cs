using Dayu.Hub;

namespace Dayu.Cli;

/// <summary>Tells how far a pull is, and what goes wrong on the way.</summary>
/// <param name="call">Who waits.</param>
/// <param name="resume">The command that continues it.</param>
sealed class PullReport(CommandContext call, string resume) : IDisposable
{
    Progress? progress;

    /// <summary>Tells of an event.</summary>
    public void Tell(PullEvent e)
    {
        switch (e)
        {
            case FileStarted f:
                progress = new(call, f.Count == 1 ? f.Path : $"{f.Path} ({f.Index}/{f.Count})", "bytes") { Show = Units.Bytes };
                break;
            case FileProgress f:
                progress?.Report(f.Bytes, f.Total ?? 0);
                break;
            case FileRestarted f:
                call.Out.Note(call.Say.Text("pull.restarts", f.Path));
                break;
            case FileFinished { File: var f }:
                Dispose();
                call.Out.Note($"{f.Path}  {Units.Bytes(f.Bytes)}  sha256 {f.Sha256[..12]}");
                break;
            case RetryScheduled r:
                call.Out.Note(call.Say.Text("pull.again", r.Host, Why(r.Cause), $"{r.Wait.TotalSeconds:F0}"));
                break;
            case HubChanged h:
                Dispose();
                call.Out.Note(call.Say.Text("pull.next", h.From.Authority, h.To.Authority, Number(h.Cause)));
                break;
        }
    }

    /// <summary>The error that says how to continue.</summary>
    public CliError Unreachable(HubUnreachableException e) => e.RetryAfter is { } wait
        ? new(6002, e.Host, Why(e.Cause), Units.Time(wait), resume)
        : new(6001, e.Host, Why(e.Cause), resume);

    int Number(HubException e) => e is HubUnreachableException u ? Unreachable(u).Number : HubErrors.Of(e).Number;

    string Why(TransientException e) => e.Discarded is { } file ? call.Say.Text("pull.wrong-part", file) : e.Message;

    /// <summary>Wipes the line of the file that is on its way.</summary>
    public void Dispose()
    {
        progress?.Dispose();
        progress = null;
    }
}
