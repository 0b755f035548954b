using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Dayu.Tests;

/// <summary>What was asked for.</summary>
public sealed record Asked(string Path, string Host, Dictionary<string, string> Headers)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);
}

/// <summary>
/// What is answered: a body that may be cut in the middle, or stop there until somebody lets it go on.
/// </summary>
public sealed record Answered(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    public int? CutAfter { get; init; }

    public int? StopAfter { get; init; }
}

/// <summary>
/// A hub of models on this machine that answers as Hugging Face's does: listings at <c>/api/models</c>, files at
/// <c>/repo/resolve/revision/path</c>; large ones by way of another host (<c>localhost</c> instead of 127.0.0.1). Plain
/// sockets, so that connections can be cut anywhere.
/// </summary>
public sealed class TestHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    const int Large = 4096;

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource ended = new();

    public TestHub(params (string Path, byte[] Bytes)[] files)
    {
        foreach (var (path, bytes) in files) Files[path] = bytes;
        listener.Start();
        _ = Listen();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Files of the one repository there is, whatever it is called.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    public List<Asked> Asked { get; } = [];

    /// <summary>Answers instead; null: the usual answer.</summary>
    public Func<Asked, Answered?> Instead { get; set; } = _ => null;

    /// <summary>Changes the usual answer.</summary>
    public Func<Asked, Answered, Answered> But { get; set; } = (_, answer) => answer;

    /// <summary>Told when a body stopped in its middle; it goes on when the hub is disposed of.</summary>
    public TaskCompletionSource Stopped { get; } = new();

    /// <summary>Requests for files' contents.</summary>
    public Asked[] Fetched
    {
        get { lock (Asked) return [.. Asked.Where(a => IsContent(a.Path))]; }
    }

    static bool IsContent(string path) => path.StartsWith("/cdn/", StringComparison.Ordinal)
        || path.EndsWith(".json", StringComparison.Ordinal) || path.EndsWith(".txt", StringComparison.Ordinal);

    /// <summary>Changes the first answers that have a large file's content.</summary>
    public void ChangeFirst(int count, Func<Answered, Answered> change)
    {
        var left = count;
        But = (asked, answer) => asked.Path.StartsWith("/cdn/", StringComparison.Ordinal) && left-- > 0 ? change(answer) : answer;
    }

    /// <summary>A Hugging Face folder, and files beside it that do not belong to the model.</summary>
    public static (string, byte[])[] LlamaFolder() =>
    [
        .. Directory.EnumerateFiles(Fixtures.GoldenOrSkip("llama")).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f))),
        ("README.md", "hello"u8.ToArray()),
        ("pytorch_model.bin", Noise.Of(9000)),
        ("onnx/model.onnx", Noise.Of(9000)),
        ("special_tokens_map.json", "{}"u8.ToArray()),
    ];

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    static string GitSha1(byte[] bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    Answered Usual(Asked asked)
    {
        var path = Uri.UnescapeDataString(asked.Path.Split('?')[0]);
        if (path.StartsWith("http://", StringComparison.Ordinal)) path = new Uri(path).AbsolutePath;   // as a proxy is asked
        if (path.StartsWith("/api/models/", StringComparison.Ordinal)) return Listing();
        if (path.StartsWith("/cdn/", StringComparison.Ordinal) && Files.TryGetValue(path[5..], out var body))
            return Part(asked, body, ("ETag", $"\"cdn-{Sha256(body)[..8]}\""));
        var file = path.Split("/resolve/") is [_, var rest] ? rest[(rest.IndexOf('/') + 1)..] : "";
        if (!Files.TryGetValue(file, out var bytes)) return new(404, [], ("X-Error-Code", "EntryNotFound"));
        if (bytes.Length < Large) return Part(asked, bytes, ("ETag", $"\"{GitSha1(bytes)}\""), ("X-Repo-Commit", Commit));
        return new(
            302,
            [],
            ("Location", $"http://localhost:{Port}/cdn/{file}"),
            ("X-Linked-Etag", $"\"{Sha256(bytes)}\""),
            ("X-Linked-Size", $"{bytes.Length}"),
            ("X-Repo-Commit", Commit));
    }

    Answered Listing()
    {
        var listing = new JsonObject { ["sha"] = Commit, ["siblings"] = new JsonArray([.. Files.Select(f => Listed(f.Key, f.Value))]) };
        return new(200, Encoding.UTF8.GetBytes(listing.ToJsonString()), ("Content-Type", "application/json"));
    }

    static JsonObject Listed(string path, byte[] bytes)
    {
        var listed = new JsonObject { ["rfilename"] = path, ["size"] = bytes.Length, ["blobId"] = GitSha1(bytes) };
        if (bytes.Length < Large) return listed;
        listed["blobId"] = new string('0', 40);                       // of the pointer, which nobody fetches
        listed["lfs"] = new JsonObject { ["sha256"] = Sha256(bytes), ["size"] = bytes.Length, ["pointerSize"] = 134 };
        return listed;
    }

    /// <summary>The whole body or, where a part is asked for and the file is still the same, the part.</summary>
    public static Answered Part(Asked asked, byte[] body, params (string Name, string Value)[] headers)
    {
        var etag = headers.FirstOrDefault(h => h.Name == "ETag").Value;
        if (asked["range"] is not { } range || (asked["if-range"] ?? etag) != etag) return new(200, body, headers);
        var from = int.Parse(range.Replace("bytes=", "").TrimEnd('-'));
        if (from >= body.Length) return new(416, [], [.. headers, ("Content-Range", $"bytes */{body.Length}")]);
        return new(206, body[from..], [.. headers, ("Content-Range", $"bytes {from}-{body.Length - 1}/{body.Length}")]);
    }

    async Task Listen()
    {
        try
        {
            while (true) _ = Serve(await listener.AcceptTcpClientAsync(ended.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    async Task Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                var asked = await Read(stream);
                lock (Asked) Asked.Add(asked);
                await Write(stream, Instead(asked) ?? But(asked, Usual(asked)));
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // the other side went away
        }
    }

    static async Task<Asked> Read(NetworkStream stream)
    {
        var (head, one) = (new List<byte>(), new byte[1]);
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
            if (await stream.ReadAsync(one) == 0) throw new IOException("no request");
            else head.Add(one[0]);
        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(p => p[0].ToLowerInvariant(), p => p[1]);
        return new(lines[0].Split(' ')[1], headers["host"], headers);
    }

    async Task Write(NetworkStream stream, Answered answer)
    {
        (string Name, string Value)[] headers = [("Connection", "close"), ("Content-Length", $"{answer.Body.Length}"), .. answer.Headers];
        var head = $"HTTP/1.1 {answer.Status} X\r\n{string.Concat(headers.Select(h => $"{h.Name}: {h.Value}\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        await stream.WriteAsync(answer.Body.AsMemory(0, answer.CutAfter ?? answer.StopAfter ?? answer.Body.Length));
        if (answer.StopAfter is null) return;
        await stream.FlushAsync();
        Stopped.TrySetResult();
        await Task.Delay(Timeout.Infinite, ended.Token);
    }

    public void Dispose()
    {
        ended.Cancel();
        listener.Dispose();
        ended.Dispose();
    }
}

/// <summary>A clock whose waits are over at once; it tells how long they would have been.</summary>
public sealed class HurriedClock : TimeProvider
{
    readonly List<TimeSpan> waits = [];

    /// <summary>Waits between tries in seconds; not how long an answer is waited for.</summary>
    public double[] Seconds
    {
        get { lock (waits) return [.. waits.Select(w => w.TotalSeconds).Where(s => s is > 0 and < 30)]; }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (waits) waits.Add(dueTime);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
