namespace Dayu.Hub;

/// <summary>
/// Tries again what failed for a moment: after 1, 2, 4, 8, 16 seconds, or when the server says.
/// A try that brought something begins the count anew.
/// </summary>
/// <param name="host">The server, for errors.</param>
/// <param name="clock">What waits.</param>
/// <param name="report">Told of every wait.</param>
sealed class Retry(string host, TimeProvider clock, Action<PullEvent> report)
{
    const int Most = 5;

    static readonly TimeSpan longest = TimeSpan.FromMinutes(5);

    /// <summary>Does it until it works.</summary>
    /// <param name="once">One try; a <see cref="TransientException"/> asks for another.</param>
    /// <param name="gained">How many bytes there are by now.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="HubUnreachableException">It failed too often, or the server wants to be left alone for
    /// long.</exception>
    public async Task<T> Do<T>(Func<Task<T>> once, Func<long> gained, CancellationToken cancel)
    {
        for (var failures = 0; ;)
        {
            var before = gained();
            try { return await once(); }
            catch (TransientException e)
            {
                failures = gained() > before ? 1 : failures + 1;
                if (e.RetryAfter > longest) throw new HubUnreachableException(host, e, e.RetryAfter);
                if (failures > Most) throw new HubUnreachableException(host, e);
                var wait = e.RetryAfter ?? TimeSpan.FromSeconds(1 << (failures - 1));
                report(new RetryScheduled(host, e, wait));
                await Task.Delay(wait, clock, cancel);
            }
        }
    }
}
