namespace Dayu.Cli;

/// <summary>Tells how far something is: a line that is drawn again on a terminal, else a line every ten seconds. Short work says nothing.</summary>
/// <param name="call">Who works.</param>
/// <param name="label">What is being done.</param>
/// <param name="unit">What is counted.</param>
sealed class Progress(Call call, string label, string unit) : IDisposable
{
    readonly long start = call.Terminal.Clock.GetTimestamp();
    TimeSpan shown;
    bool drawn;

    public void Report(int done, int total) => Report((long)done, total);

    public void Report(long done, long total)
    {
        if (!call.Out.ShowsProgress || total <= 0) return;
        var elapsed = call.Terminal.Clock.GetElapsedTime(start);
        var (first, every) = call.Out.Draws ? (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.1)) : (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        if (elapsed < first || (shown > TimeSpan.Zero && elapsed - shown < every)) return;
        shown = elapsed;
        var left = done > 0 ? elapsed * ((double)(total - done) / done) : TimeSpan.Zero;
        if (call.Out.Draws) Draw($"{label}  {100.0 * done / total,3:F0} %  {done:N0}/{total:N0} {unit}{(done > 0 ? $"  {call.Say["left"]} {Units.Time(left)}" : "")}");
        else call.Terminal.Error.WriteLine($"{unit}={done} of={total} elapsed_s={elapsed.TotalSeconds:F0} eta_s={left.TotalSeconds:F0}");
    }

    void Draw(string text)
    {
        var columns = call.Terminal.Width() - 1;
        call.Terminal.Error.Write($"\r{(CellWidth.Of(text) > columns ? text[..Math.Min(text.Length, columns / 2)] : text)}\e[K");
        drawn = true;
    }

    /// <summary>Wipes the line.</summary>
    public void Dispose()
    {
        if (drawn) call.Terminal.Error.Write("\r\e[K");
        drawn = false;
    }
}
