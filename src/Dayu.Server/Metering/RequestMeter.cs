namespace Dayu.Server;

/// <summary>Measures one request.</summary>
/// <param name="meters">Takes what was measured.</param>
/// <param name="clock">Measures.</param>
/// <param name="operation">As <see cref="ServerMeters.Over"/> says it.</param>
/// <param name="model">Who answers.</param>
sealed class RequestMeter(ServerMeters meters, TimeProvider clock, string operation, string model) : IDisposable
{
    readonly long start = clock.GetTimestamp();
    TimeSpan? first;
    string? error = "cancelled";                                     // until it is done

    /// <summary>Tokens of prompts.</summary>
    public int Prompt { get; set; }

    /// <summary>Tokens of answers.</summary>
    public int Completion { get; set; }

    /// <summary>A token came.</summary>
    public void Token() => first ??= clock.GetElapsedTime(start);

    /// <summary>All went well.</summary>
    public void Done() => error = null;

    /// <summary>It is over.</summary>
    public void Dispose() => meters.Over(operation, model, clock.GetElapsedTime(start), first, Prompt, Completion, error);
}
