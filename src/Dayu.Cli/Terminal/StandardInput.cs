namespace Dayu.Cli;

/// <summary>
/// Standard input: nothing of it is read before it is asked for, waiting for it can be interrupted, and what is no UTF-8 is an error.
/// </summary>
/// <param name="stream">The bytes.</param>
/// <param name="isTty">Whether a person types them.</param>
sealed class StandardInput(Stream stream, bool isTty)
{
    /// <summary>The word that stands for it, as for any program.</summary>
    public const string Name = "-";

    readonly byte[] chunk = new byte[1 << 16];
    readonly List<byte> pending = [];
    long consumed;                                                   // bytes before the pending ones
    bool hasCome, hasEnded;

    /// <summary>Whether a person types it.</summary>
    public bool IsTty => isTty;

    /// <summary>Whether it is a pipe from another program, as far as the system tells.</summary>
    public bool IsPipe { get; init; }

    /// <summary>How long a silent pipe is waited for before that is said.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Everything to the end.</summary>
    /// <param name="onWait">Told when nothing has come for a while.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="CliError">It is no UTF-8; says which byte.</exception>
    public string ReadAll(Action onWait, CancellationToken cancel)
    {
        while (Fill(onWait, cancel)) { }
        return Take(pending.Count, 0);
    }

    /// <summary>The next line without its end; null: there is no more.</summary>
    /// <param name="onWait">Told when nothing has come for a while.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="CliError">It is no UTF-8; says which byte.</exception>
    public string? ReadLine(Action onWait, CancellationToken cancel)
    {
        int end;
        while ((end = pending.IndexOf((byte)'\n')) < 0 && Fill(onWait, cancel)) { }
        if (end < 0) return pending.Count == 0 ? null : Take(pending.Count, 0);
        return Take(end, 1).TrimEnd('\r');
    }

    string Take(int count, int end)
    {
        var text = Utf8Text.Decode([.. pending[..count]], new Phrase("input"), consumed);
        pending.RemoveRange(0, count + end);
        consumed += count + end;
        return text;
    }

    /// <summary>Waits for more bytes. A read that is waiting cannot be stopped, so another thread does it.</summary>
    /// <returns>Whether some came.</returns>
    bool Fill(Action onWait, CancellationToken cancel)
    {
        if (hasEnded) return false;
        var read = Task.Run(() => stream.Read(chunk), CancellationToken.None);
        try
        {
            if (!isTty && !hasCome && !read.Wait((int)Patience.TotalMilliseconds, cancel)) onWait();
            read.Wait(cancel);
        }
        catch (AggregateException e) { throw e.InnerException!; }
        pending.AddRange(chunk.AsSpan(0, read.Result));
        hasCome = true;
        hasEnded = read.Result == 0;
        return !hasEnded;
    }
}
