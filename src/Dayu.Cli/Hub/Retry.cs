namespace Dayu.Cli;

/// <summary>Tries again what did not work for a moment: after 1, 2, 4, 8, 16 seconds, or when the server says; a try that brought something counts as none.</summary>
/// <param name="call">Who waits.</param>
/// <param name="host">For messages.</param>
/// <param name="resume">How to go on later.</param>
sealed class Retry(CommandContext call, string host, string resume)
{
    const int Most = 5;

    static readonly TimeSpan longest = TimeSpan.FromMinutes(5);

    /// <summary>Does it, again and again.</summary>
    /// <param name="once">One try.</param>
    /// <param name="gained">How much there is by now.</param>
    /// <exception cref="CliError">It does not work.</exception>
    public async Task<T> Do<T>(Func<Task<T>> once, Func<long> gained)
    {
        for (var failures = 0; ;)
        {
            var before = gained();
            try { return await once(); }
            catch (TransientException e)
            {
                failures = gained() > before ? 1 : failures + 1;
                if (e.After > longest) throw new CliError(6002, host, e.Message, Units.Time(e.After.Value), resume);
                if (failures > Most) throw new CliError(6001, host, e.Message, resume);
                var wait = e.After ?? TimeSpan.FromSeconds(1 << (failures - 1));
                call.Out.Note(call.Say.Text("pull.again", host, e.Message, $"{wait.TotalSeconds:F0}"));
                await Task.Delay(wait, call.Terminal.Clock, call.Cancel);
            }
        }
    }
}
