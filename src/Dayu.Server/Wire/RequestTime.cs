namespace Dayu.Server;

/// <summary>How long something may be done for a request, and why it was ended.</summary>
/// <param name="settings">Of the server.</param>
/// <param name="client">Ends when the client leaves.</param>
/// <param name="ending">Ends when the server does.</param>
sealed class RequestTime(ServerSettings settings, CancellationToken client, CancellationToken ending) : IDisposable
{
    readonly CancellationTokenSource time = new(settings.AnswerTime, settings.Clock);
    CancellationTokenSource? all;

    /// <summary>Ends it.</summary>
    public CancellationToken Token => (all ??= CancellationTokenSource.CreateLinkedTokenSource(client, ending, time.Token)).Token;

    /// <summary>Whether nobody is there any more to be told.</summary>
    public bool ClientLeft => client.IsCancellationRequested;

    /// <summary>Why it was ended, where it was not by the client.</summary>
    public ApiError Why() => ending.IsCancellationRequested
        ? ApiError.Busy("the server is ending; ask again when it is back", TimeSpan.FromSeconds(5), "shutting_down")
        : time.IsCancellationRequested
            ? ApiError.Busy($"the answer took longer than {settings.AnswerTime.TotalSeconds:F0} s; ask for fewer tokens", null, "timeout")
            : ApiError.Busy("the model was given up while it answered; ask again, and it is loaded", TimeSpan.FromSeconds(1), "unloaded");

    public void Dispose()
    {
        time.Dispose();
        all?.Dispose();
    }
}
