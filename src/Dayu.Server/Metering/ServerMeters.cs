using System.Diagnostics;
using System.Diagnostics.Metrics;
using Dayu.Inference;

namespace Dayu.Server;

/// <summary>
/// What is measured of a server, under the names of OpenTelemetry's conventions for generative AI (<c>gen_ai.server.*</c>), and how busy
/// its models are.
/// </summary>
sealed class ServerMeters : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Dayu.Server";

    readonly Meter meter = new(Name, "1");
    readonly Histogram<double> duration, firstToken, perToken;
    readonly Histogram<long> tokens;

    /// <summary>Begins to measure.</summary>
    public ServerMeters(ModelHost models)
    {
        duration = Seconds("gen_ai.server.request.duration", "From a request to the end of its answer.");
        firstToken = Seconds("gen_ai.server.time_to_first_token", "From a request to the first token of its answer.");
        perToken = Seconds("gen_ai.server.time_per_output_token", "From token to token, the first not counted.");
        tokens = meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of prompts and of answers.");
        meter.CreateObservableGauge("dayu.models.loaded", () => models.Loaded.Count(m => m.Model is not null), "{model}",
            "Models in memory.");
        Gauge("dayu.engine.running", "{request}", "Answers that are being made.", l => l.Running);
        Gauge("dayu.engine.waiting", "{request}", "Requests that wait.", l => l.Waiting);
        Gauge("dayu.engine.free_tokens", "{token}", "Room in the cache.", l => l.FreeTokens);

        void Gauge(string name, string unit, string what, Func<EngineLoad, long> of) => meter.CreateObservableGauge(name, () =>
            models.Loaded.Where(m => m.Model?.Load is not null)
                .Select(m => new Measurement<long>(of(m.Model!.Load!), new KeyValuePair<string, object?>("gen_ai.request.model", m.Name))),
            unit, what);
    }

    Histogram<double> Seconds(string name, string what) => meter.CreateHistogram(name, "s", what, advice: new InstrumentAdvice<double>
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    });

    /// <summary>A request is over.</summary>
    /// <param name="operation"><c>chat</c>, <c>text_completion</c>, <c>embeddings</c>.</param>
    /// <param name="model">Who answered.</param>
    /// <param name="whole">How long it took.</param>
    /// <param name="first">To the first token; null: none came.</param>
    /// <param name="prompt">Tokens of prompts.</param>
    /// <param name="completion">Tokens of answers.</param>
    /// <param name="error">What went wrong; null: nothing.</param>
    public void Over(string operation, string model, TimeSpan whole, TimeSpan? first, int prompt, int completion, string? error)
    {
        var tags = new TagList
        {
            { "gen_ai.operation.name", operation }, { "gen_ai.provider.name", "dayu" }, { "gen_ai.request.model", model },
        };
        if (first is { } toFirst)
        {
            firstToken.Record(toFirst.TotalSeconds, tags);
            if (completion > 1) perToken.Record((whole - toFirst).TotalSeconds / (completion - 1), tags);
        }
        Tokens("input", prompt);
        Tokens("output", completion);
        if (error is not null) tags.Add("error.type", error);
        duration.Record(whole.TotalSeconds, tags);

        void Tokens(string type, int count)
        {
            if (count > 0) tokens.Record(count, [.. tags, new("gen_ai.token.type", type)]);
        }
    }

    /// <summary>Ends the measuring.</summary>
    public void Dispose() => meter.Dispose();
}
