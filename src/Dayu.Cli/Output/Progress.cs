using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// Tells how far something is: a line that is drawn again on a terminal, else a line every ten seconds. Short work says nothing.
/// </summary>
/// <param name="call">Who works.</param>
/// <param name="label">What is being done.</param>
/// <param name="unit">What is counted.</param>
sealed class Progress(CommandContext call, string label, string unit) : IDisposable
{
    readonly long start = call.Terminal.Clock.GetTimestamp();
    TimeSpan shown;
    readonly StatusLine line = new(call.Terminal);
    long? first;                                                      // what was there before: it says nothing of the speed

    /// <summary>How an amount is written; else as a number and the unit.</summary>
    public Func<long, string>? Show { get; init; }

    /// <summary>What is told beside it.</summary>
    public Func<string>? Beside { get; init; }

    public void Report(int done, int total) => Report((long)done, total);

    public void Report(long done, long total)
    {
        first ??= done;
        if (!call.Out.ShowsProgress || total <= 0) return;
        var elapsed = call.Terminal.Clock.GetElapsedTime(start);
        var (before, every) = call.Out.Draws ? (1.0, 0.1) : (10, 10);
        if (elapsed.TotalSeconds < before || (shown > TimeSpan.Zero && (elapsed - shown).TotalSeconds < every)) return;
        shown = elapsed;
        var rate = Math.Max(0, done - first.Value) / elapsed.TotalSeconds;
        var left = rate > 0 ? TimeSpan.FromSeconds(Math.Min((total - done) / rate, 359_999)) : TimeSpan.Zero;
        var beside = Beside?.Invoke();
        if (call.Out.Draws) line.Draw($"{label}  {100.0 * done / total,3:F0} %  {Amount(done, total)}{Speed(rate, left)}{beside}");
        else
            call.Terminal.Error.WriteLine(
                $"{unit}={done} of={total} elapsed_s={elapsed.TotalSeconds:F0} eta_s={left.TotalSeconds:F0}{beside}");
    }

    string Amount(long done, long total) => Show is null ? $"{done:N0}/{total:N0} {unit}" : $"{Show(done)}/{Show(total)}";

    string Speed(double rate, TimeSpan left) => rate > 0 ? $"  {Amount(rate)}/s  {call.Say["left"]} {Units.Time(left)}" : "";

    string Amount(double rate) => Show is null ? Units.Count((long)rate) : Show((long)rate);

    /// <summary>Wipes the line.</summary>
    public void Dispose() => line.Wipe();
}
