using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Bench;

/// <summary>
/// Clients that ask a server (<c>/v1/completions</c>, streamed) again and again, each prompt unlike all others, and what they saw of it.
/// They run on the same machine: what they cost is part of the measurement.
/// </summary>
static class ServerLoad
{
    sealed record Asked(double First, List<double> Gaps, int Tokens);

    public static int Run(string[] args)
    {
        if (args is not [var address, .. var rest])
        {
            Console.WriteLine("serve URL [--clients 8] [--seconds 60] [--prompt 64] [--tokens 128] [--shared 0] [--vocabulary 40000]");
            return 1;
        }
        int Of(string name, int otherwise) => Array.IndexOf(rest, name) is >= 0 and var i ? int.Parse(rest[i + 1]) : otherwise;
        var (clients, seconds) = (Of("--clients", 8), Of("--seconds", 60));
        return Run(new(address), clients, TimeSpan.FromSeconds(seconds), Of("--prompt", 64), Of("--tokens", 128), Of("--shared", 0),
            Of("--vocabulary", 40000)).GetAwaiter().GetResult();
    }

    static async Task<int> Run(Uri server, int clients, TimeSpan time, int prompt, int tokens, int shared, int vocabulary)
    {
        using var http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromMinutes(5) };
        using var end = new CancellationTokenSource(time);
        var (answers, errors, health) = (new List<Asked>(), new List<string>(), new List<double>());
        var common = Ids(new Random(1), shared, vocabulary);
        var start = Stopwatch.GetTimestamp();
        var asking = Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var random = new Random(1000 + client);
            while (!end.IsCancellationRequested)
                try
                {
                    var asked = await Ask(http, [.. common, .. Ids(random, prompt, vocabulary)], tokens);
                    lock (answers) answers.Add(asked);
                }
                catch (Exception e) { lock (errors) errors.Add(e.Message); }
        })).ToArray();
        var probing = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var at = Stopwatch.GetTimestamp();
                using var alive = await http.GetAsync("health");
                health.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                await Task.Delay(100);
            }
        });
        await Task.WhenAll([.. asking, probing]);
        var took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"""
            {clients} clients, {took:F0} s, prompts of {shared} + {prompt}, answers of {tokens} tokens
            answers {answers.Count}, errors {errors.Count} {errors.FirstOrDefault()}
            tokens/s {answers.Sum(a => a.Tokens) / took:F1}
            first token, ms: median {At(answers.Select(a => a.First), 0.5):F0}, p95 {At(answers.Select(a => a.First), 0.95):F0}
            between tokens, ms: median {At(answers.SelectMany(a => a.Gaps), 0.5):F1}, p95 {At(answers.SelectMany(a => a.Gaps), 0.95):F1}
            /health, ms: median {At(health, 0.5):F1}, p99 {At(health, 0.99):F1}
            """);
        return errors.Count;
    }

    static async Task<Asked> Ask(HttpClient http, int[] prompt, int tokens)
    {
        var body = new JsonObject
        {
            ["prompt"] = new JsonArray([.. prompt.Select(id => (JsonNode)id)]), ["max_tokens"] = tokens, ["stream"] = true, ["seed"] = 1,
            ["logit_bias"] = new JsonObject { ["0"] = -100, ["1"] = -100, ["2"] = -100 },     // SmolLM2's ends: all answers are as long
            ["stream_options"] = new JsonObject { ["include_usage"] = true },
        };
        var start = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/completions")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var (first, last, gaps, written) = (0.0, 0L, new List<double>(), 0);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("data: {", StringComparison.Ordinal)) continue;
            var now = Stopwatch.GetTimestamp();
            using var json = JsonDocument.Parse(line.AsMemory(6));
            if (json.RootElement.TryGetProperty("error", out var error)) throw new IOException(error.ToString());
            if (json.RootElement.GetProperty("usage") is { ValueKind: JsonValueKind.Object } usage)
                written = usage.GetProperty("completion_tokens").GetInt32();
            else if (last == 0) first = Stopwatch.GetElapsedTime(start, now).TotalMilliseconds;
            else gaps.Add(Stopwatch.GetElapsedTime(last, now).TotalMilliseconds);
            last = now;
        }
        return written > 0 ? new(first, gaps, written) : throw new IOException("the stream ended without its usage");
    }

    static int[] Ids(Random random, int count, int vocabulary) => [.. Enumerable.Range(0, count).Select(_ => random.Next(100, vocabulary))];

    static double At(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(int)(share * (sorted.Length - 1))];
    }
}
