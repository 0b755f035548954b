using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Dayu.Tests;

/// <summary>
/// Requests that nobody should send: malformed JSON, deep nesting, huge fields, bad UTF-8, bodies that come in drops, early hang-ups. The
/// server refuses them by name, crashes never, and answers afterwards as before.
/// </summary>
public sealed class HostileServerTests
{
    static readonly string[] paths =
        ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/tokenize", "/detokenize", "/apply-template", "/dayu/unload"];

    static readonly string[] bodies =
    [
        """{ "model": "scripted", "messages": [{ "role": "user", "content": "ask" }], "max_tokens": 3, "stream": true }""",
        """{ "messages": [{ "role": "system", "content": "a" }, { "role": "user", "content": [{ "type": "text", "text": "b" }] }] }""",
        """{ "prompt": ["ask", [97, 98]], "max_tokens": 2, "echo": true, "logprobs": 2, "n": 2, "stop": ["a", "b"], "seed": 3 }""",
        """{ "input": ["ask", "大禹"], "encoding_format": "base64", "dimensions": 4 }""",
        """{ "tokens": [97, 98, 300], "content": "ask", "with_pieces": true, "keep_alive": "5m" }""",
    ];

    static readonly string[] values =
    [
        "null", "true", "-1", "0", "1e308", "1e999", "99999999999999999999999", "0.1", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"大\"", "[]",
        "{}", "[[]]", "[null]", "{\"a\":{}}", "\"<|end|>\"", "[1e10]", "\"NaN\"", "[\"\", 5, {}]",
    ];

    static readonly string[] names =
    [
        "model", "messages", "prompt", "input", "stream", "n", "best_of", "max_tokens", "temperature", "stop", "logit_bias", "logprobs",
        "tools", "top_logprobs", "echo", "dimensions", "tokens", "chat_template_kwargs", "keep_alive", "seed", "stream_options",
        "response_format", "user",
    ];

    [Fact]
    public async Task NothingThatIsSentHurts()
    {
        using var model = ScriptedModel.Chat("Hello", "!");
        await using var server = await TestServer.Start(model, s => s with { MostBytes = 1 << 16 });
        var (random, count, bad) = (new Random(20), Sizes.Of(600, 100_000), new List<string>());
        const int together = 8;
        for (var done = 0; done < count; done += together)
        {
            Hostile[] some = [.. Enumerable.Range(0, together).Select(_ => Hostile.Of(random))];
            foreach (var (request, status) in await Task.WhenAll(some.Select(async r => (r, await r.Send(server)))))
                if (status >= 500 && status != 503) bad.Add($"{status}: {request.Path} {Encoding.UTF8.GetString(request.Body)}");
            Assert.True(bad.Count == 0, string.Join('\n', bad.Select(b => b[..Math.Min(500, b.Length)])));
        }
        Assert.Equal("""{"status":"ok"}""", await server.Client.GetStringAsync("/health"));
        await TestServer.Until(() => server.Models.Loaded is [{ Users: 0, Model.Load: { Running: 0, Waiting: 0 } }]);
        var answer = await server.Ok("/v1/chat/completions", """{ "messages": [{ "role": "user", "content": "ask" }] }""");
        Assert.Equal("Hello!", (string?)answer["choices"]![0]!["message"]!["content"]);
        Assert.DoesNotContain(server.Lines, l => l.Fault is not null);
    }

    /// <summary>One such request.</summary>
    sealed record Hostile(string Path, byte[] Body, bool HangsUp, bool Drips, int Cut)
    {
        public static Hostile Of(Random random)
        {
            var body = Encoding.UTF8.GetBytes(bodies[random.Next(bodies.Length)]);
            body = random.Next(8) switch
            {
                0 => [.. Enumerable.Range(0, random.Next(200)).Select(_ => (byte)random.Next(256))],
                1 => body[..random.Next(body.Length)],
                2 => Flipped(body, random),
                3 => Encoding.UTF8.GetBytes("{\"messages\":" + new string(random.Next(2) == 0 ? '[' : '{', random.Next(1, 5000))),
                4 => Encoding.UTF8.GetBytes(Nested(random.Next(1, 100))),
                5 => Encoding.UTF8.GetBytes($$"""{ "{{Name(random)}}": "{{new string('x', random.Next(1 << 17))}}" }"""),
                _ => Encoding.UTF8.GetBytes(With(random)),
            };
            return new(paths[random.Next(paths.Length)], body, random.Next(12) == 0, random.Next(12) == 0, random.Next(200));
        }

        static string Name(Random random) => names[random.Next(names.Length)];

        static byte[] Flipped(byte[] body, Random random)
        {
            for (var i = random.Next(1, 6); i > 0; i--) body[random.Next(body.Length)] = (byte)random.Next(256);
            return body;
        }

        static string Nested(int depth) =>
            "{\"chat_template_kwargs\":" + string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth + 1);

        /// <summary>A body that is in order but for a field or two.</summary>
        static string With(Random random)
        {
            var body = bodies[random.Next(bodies.Length)];
            for (var i = random.Next(1, 3); i > 0; i--)
            {
                var name = Name(random);
                if (!body.Contains($"\"{name}\"", StringComparison.Ordinal))
                    body = $"{{ \"{name}\": {values[random.Next(values.Length)]}, " + body[1..];
            }
            return body;
        }

        /// <summary>Sends it.</summary>
        /// <returns>The status; 0: nobody waited for it.</returns>
        public async Task<int> Send(TestServer server)
        {
            if (HangsUp) return await HangUp(server.Server.Address);
            using HttpContent content = Drips ? new DrippingContent(Body) : new ByteArrayContent(Body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            try
            {
                using var answer = await server.Client.PostAsync(Path, content);
                await answer.Content.ReadAsByteArrayAsync();
                return (int)answer.StatusCode;
            }
            catch (HttpRequestException)                             // refused while it was still being sent
            {
                return 0;
            }
        }

        async Task<int> HangUp(Uri address)
        {
            using var client = new TcpClient(address.Host, address.Port) { LingerState = new(Cut % 2 == 0, 0) };
            var text = Encoding.UTF8.GetBytes($"POST {Path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Body.Length}\r\n\r\n");
            byte[] all = [.. text, .. Body];
            await client.GetStream().WriteAsync(all.AsMemory(0, Math.Min(Cut, all.Length)));
            return 0;
        }
    }

    /// <summary>A body of unknown length that comes a few bytes at a time.</summary>
    sealed class DrippingContent(byte[] body) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var some in body.Take(400).Chunk(40))
            {
                await stream.WriteAsync(some);
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
