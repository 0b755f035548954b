namespace Dayu.Hub;

/// <summary>
/// Tries again what failed for a moment: after 1, 2, 4, 8, 16 seconds, or when the server says.
/// A try that brought something begins the count anew. A server to which no connection has come about yet is tried
/// three times within five seconds: it is down or blocked, and whoever waits should be told so.
/// </summary>
/// <param name="host">The server, for errors.</param>
/// <param name="clock">What waits.</param>
/// <param name="report">Told of every wait.</param>
sealed class Retry(string host, TimeProvider clock, Action<PullEvent> report)
{
    const int Tries = 6, ConnectTries = 3;

    static readonly TimeSpan longest = TimeSpan.FromMinutes(5);

    bool answered;                                                   // by this server, whatever was asked

    /// <summary>Does it until it works.</summary>
    /// <param name="once">One try; a <see cref="TransientException"/> asks for another.</param>
    /// <param name="gained">How many bytes there are by now.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="HubUnreachableException">It failed too often, or the server wants to be left alone for
    /// long.</exception>
    public async Task<T> Do<T>(Func<Task<T>> once, Func<long> gained, CancellationToken cancel)
    {
        var begun = clock.GetTimestamp();
        for (var failures = 0; ;)
        {
            var before = gained();
            try
            {
                var result = await once();
                answered = true;
                return result;
            }
            catch (TransientException e)
            {
                answered |= !e.IsConnectFailure;
                failures = gained() > before ? 1 : failures + 1;
                var (tries, wait) = answered ? (Tries, e.RetryAfter ?? TimeSpan.FromSeconds(1 << (failures - 1)))
                    : (ConnectTries, TimeSpan.FromSeconds(1));
                if (wait > longest) throw new HubUnreachableException(host, e, wait) { HasAnswered = true };
                var isLate = !answered && clock.GetElapsedTime(begun) + wait > HubClient.ConnectTimeout;
                if (failures == tries || isLate) throw new HubUnreachableException(host, e) { HasAnswered = answered };
                report(new RetryScheduled(host, e, wait, failures + 1, tries));
                await Task.Delay(wait, clock, cancel);
            }
        }
    }
}
