namespace Dayu.Server;

/// <summary>A request that is not answered, and why: what was found, where, what was expected, what to do.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="type">As clients of OpenAI know it: <c>invalid_request_error</c>, say.</param>
/// <param name="message">A sentence or two.</param>
sealed class ApiError(int status, string type, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status => status;

    /// <summary>Kind of error.</summary>
    public string Type => type;

    /// <summary>Where in the request; null: nowhere in particular.</summary>
    public string? Param { get; init; }

    /// <summary>A word for programs; null: the type says it.</summary>
    public string? Code { get; init; }

    /// <summary>When to ask again; null: nothing is said of that.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The request is wrong at that place.</summary>
    public static ApiError Wrong(string path, string message, string? code = null) =>
        new(400, "invalid_request_error", message) { Param = path, Code = code };

    /// <summary>Not now.</summary>
    public static ApiError Busy(string message, TimeSpan? retryAfter, string code = "overloaded") =>
        new(503, "server_error", message) { RetryAfter = retryAfter, Code = code };
}
