using System.Runtime.InteropServices;

namespace Dayu.Cli;

/// <summary>
/// Ctrl-C and its like. The first asks whoever works to stop where it can; the second ends the program at once. SIGTERM is sent once, by
/// who does not want to wait: what has not stopped after a moment is ended. Whatever is written appears whole or can be continued, so
/// that nothing is lost by that.
/// </summary>
sealed class Interrupts : IDisposable
{
    readonly List<PosixSignalRegistration> registered = [];
    readonly Lock gate = new();
    CancellationTokenSource source = new();
    Timer? deadline;

    /// <summary>How long SIGTERM waits for what must be saved.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Told when it is time to stop.</summary>
    public CancellationToken Token
    {
        get { lock (gate) return source.Token; }
    }

    /// <summary>The exit code that a signal means; null: none came.</summary>
    public int? Code { get; private set; }

    /// <summary>Listens to the signals of this process.</summary>
    public static Interrupts OfProcess()
    {
        var interrupts = new Interrupts();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            interrupts.registered.Add(PosixSignalRegistration.Create(signal, c =>
            {
                c.Cancel = interrupts.Signal(c.Signal);
                if (c.Signal == PosixSignal.SIGTERM) interrupts.EndSoon();
            }));
        return interrupts;
    }

    /// <summary>A signal came.</summary>
    /// <returns>Whether it was the first: then the program goes on, and stops by itself.</returns>
    public bool Signal(PosixSignal signal)
    {
        lock (gate)
        {
            if (Code is not null) return false;
            Code = signal == PosixSignal.SIGTERM ? Exit.Terminated : Exit.Interrupted;
            source.Cancel();
            return true;
        }
    }

    void EndSoon() => deadline ??= new(_ => Environment.Exit(Exit.Terminated), null, Grace, Timeout.InfiniteTimeSpan);

    /// <summary>What was to be stopped has stopped, and the program goes on (a chat). SIGTERM is not forgotten.</summary>
    public void Forget()
    {
        lock (gate)
        {
            if (Code != Exit.Interrupted) return;
            (Code, source) = (null, new());
        }
    }

    public void Dispose()
    {
        foreach (var r in registered) r.Dispose();
        deadline?.Dispose();
        source.Dispose();
    }
}
