namespace Dayu.Inference;

/// <summary>How long the last answers took: what one who has to wait is told.</summary>
/// <param name="clock">Measures.</param>
sealed class AnswerTimes(TimeProvider clock)
{
    const double Newest = 0.2;                                       // share of the newest in the mean

    double seconds = 1;

    /// <summary>Now, to be handed back.</summary>
    public long Now => clock.GetTimestamp();

    /// <summary>Of one answer, a second at least.</summary>
    public TimeSpan Typical => TimeSpan.FromSeconds(Math.Max(1, Volatile.Read(ref seconds)));

    /// <summary>An answer that began then is over.</summary>
    public void Took(long since) =>
        Volatile.Write(ref seconds, (1 - Newest) * seconds + Newest * clock.GetElapsedTime(since).TotalSeconds);
}
