using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Dayu.Server;

/// <summary>What was measured, as Prometheus reads it.</summary>
static class MetricsRoute
{
    /// <summary>Gathers what is measured.</summary>
    public static MeterProvider Gather() => Sdk.CreateMeterProviderBuilder().ConfigureResource(r => r.AddService("dayu"))
        .AddMeter(ServerMeters.Name).AddPrometheusExporter().Build();

    /// <summary>The route.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app, MeterProvider gathered) =>
        app.MapPrometheusScrapingEndpoint("/metrics", gathered, configureBranchedPipeline: null, optionsName: null);
}
