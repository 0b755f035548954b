using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>What routes work with.</summary>
/// <param name="Settings">Of the server.</param>
/// <param name="Models">Its models.</param>
/// <param name="Meters">What is measured of them.</param>
/// <param name="Ending">Ends what still runs, when the server has waited long enough.</param>
sealed record Serving(ServerSettings Settings, ModelHost Models, ServerMeters Meters, CancellationToken Ending)
{
    const string OwnerKey = "Dayu.Owner";

    /// <summary>What a request says; disposed of with the request.</summary>
    public async Task<RequestFields> Fields(HttpContext http)
    {
        var body = await RequestBody.Read(http, Settings).ConfigureAwait(false);
        http.Response.RegisterForDispose(body);
        return new(body.RootElement, asked: Settings.Asked);
    }

    /// <summary>The model that a request names.</summary>
    /// <exception cref="ApiError">It names none that there is.</exception>
    public async Task<ModelLease> Model(RequestFields fields, CancellationToken cancel)
    {
        var name = fields.Text("model");
        var keep = KeepAlive.Read(fields);
        var lease = await Models.Use(Models.Find(name) ?? throw NotThere(name), cancel).ConfigureAwait(false);
        lease.KeepAlive = keep;
        return lease;
    }

    /// <summary>There is no such model; says which there are.</summary>
    public ApiError NotThere(string? name)
    {
        const int most = 8;
        var names = Models.Offers.Select(o => o.Name).Take(most + 1).ToArray();
        var there = names.Length == 0 ? "there is none; get one with 'dayu pull'"
            : $"there is {string.Join(", ", names.Take(most))}{(names.Length > most ? ", …" : "")}";
        return name is null ? ApiError.Wrong("model", $"model is missing, expected the name of one: {there}", "missing_field")
            : new(404, "invalid_request_error", $"there is no model {name}; {there}") { Param = "model", Code = "model_not_found" };
    }

    /// <summary>Measures a request.</summary>
    public RequestMeter Meter(string operation, HostedModel model) => new(Meters, Settings.Clock, operation, model.Name);

    /// <summary>A name for an answer, unlike all others.</summary>
    public string NewId(string prefix) => $"{prefix}-{Settings.Luck():x16}{Settings.Luck():x16}";

    /// <summary>Now, in seconds since 1970.</summary>
    public long Now => Settings.Clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Who asks, as those who take turns are told apart.</summary>
    public static string OwnerOf(HttpContext http) =>
        http.Items[OwnerKey] as string ?? http.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>Who asks is known by a key.</summary>
    public static void SetOwner(HttpContext http, string owner) => http.Items[OwnerKey] = owner;

    /// <summary>Ends what is done for a request: the client left, the server ends, or it takes too long.</summary>
    public RequestTime Time(HttpContext http) => new(Settings, http.RequestAborted, Ending);
}
