using Dayu.Server;

namespace Dayu.Cli;

/// <summary>
/// A line on standard error for each request but those of watchers who found all well: no text of it, unless that was asked for.
/// </summary>
/// <param name="call">Who serves.</param>
sealed class RequestLog(CommandContext call)
{
    readonly Lock turn = new();

    /// <summary>Writes one.</summary>
    public void Write(RequestLine line)
    {
        if (line is { Status: 200, Path: "/health" or "/ready" or "/metrics" }) return;
        var time = call.Terminal.Clock.GetLocalNow().ToString("HH:mm:ss");
        lock (turn)
        {
            call.Out.Note($"{time}  {line.Status}  {line.Time.TotalMilliseconds,8:F0} ms  {line.Method} {line.Path}");
            if (line.Text is { } text) call.Out.Note(text);
            if (line.Fault is { } fault) call.Out.Warn(call.Detailed ? fault.ToString() : $"{fault.GetType().Name}: {fault.Message}");
        }
    }
}
