using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Dayu.Tests;

/// <summary>What goes wrong on the way, and that nothing wrong gets a model's name.</summary>
public sealed class PullFaultTests
{
    static readonly byte[] model = PullTests.Noise(300_000);

    static Caller At(TempFolder data, TestHub hub, HurriedClock? clock = null) =>
        new() { Environment = { ["DAYU_DATA_DIR"] = data.Path, ["HF_ENDPOINT"] = hub.Url }, Folder = data.Path, Clock = clock ?? new HurriedClock() };

    static void IsThere(TempFolder data, byte[] bytes, string path = "models/a/b.gguf") => Assert.Equal(TestHub.Sha256(bytes), TestHub.Sha256(File.ReadAllBytes(data[path])));

    /// <summary>The first n answers with a content are changed so.</summary>
    static void First(TestHub hub, int n, Func<Answered, Answered> so)
    {
        var left = n;
        hub.But = (asked, answer) => asked.Path.StartsWith("/cdn/", StringComparison.Ordinal) && left-- > 0 ? so(answer) : answer;
    }

    [Fact]
    public void ACutConnectionGoesOnWhereItWas()
    {
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        First(hub, 3, a => a with { CutAfter = 50_000 });
        var clock = new HurriedClock();
        Assert.Equal(0, At(data, hub, clock).Run("pull", "a/b").Code);
        IsThere(data, model);
        Assert.Equal([null, "bytes=50000-", "bytes=100000-", "bytes=150000-"], hub.Fetched.Select(a => a["range"]));
        Assert.Equal([1, 1, 1], clock.Waits.Select(w => w.TotalSeconds).Where(s => s is > 0 and < 30));   // each brought something
    }

    [Fact]
    public void AHubThatIsGoneIsAskedSixTimes()
    {
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        First(hub, 1, a => a with { CutAfter = 50_000 });
        var served = hub.But;
        var fetched = 0;
        hub.But = (asked, answer) => asked.Path.StartsWith("/cdn/", StringComparison.Ordinal) && ++fetched > 1 ? new(503, []) : served(asked, answer);
        var clock = new HurriedClock();
        var ran = At(data, hub, clock).Run("pull", "a/b", "--as", "my model".Replace(' ', '-'), "--revision", "main");
        Assert.Equal(6, ran.Code);
        Assert.Contains("dayu pull a/b --as my-model --revision main", ran.Error, StringComparison.Ordinal);
        Assert.Equal([1, 2, 4, 8, 16], clock.Waits.Select(w => w.TotalSeconds).Where(s => s is > 0 and < 30));
        Assert.False(Path.Exists(data["models/my-model.gguf"]));
        hub.But = (_, answer) => answer;
        Assert.Contains("my-model", At(data, hub).Run("ls").Error, StringComparison.Ordinal);
        Assert.Equal(0, At(data, hub).Run("pull", "a/b", "--as", "my-model").Code);
        Assert.Equal("bytes=50000-", hub.Fetched[^1]["range"]);
        IsThere(data, model, "models/my-model.gguf");
    }

    [Fact]
    public void AWrongHashIsRefused()
    {
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        var other = PullTests.Noise(model.Length, 2);
        First(hub, 99, a => a with { Body = other });
        var ran = At(data, hub).Run("pull", "a/b");
        Assert.Equal(7, ran.Code);
        Assert.Contains("DAYU-7020", ran.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(data["models/a/b.gguf"]));
        Assert.DoesNotContain(Directory.EnumerateFiles(data.Path, "*", SearchOption.AllDirectories), f => new FileInfo(f).Length == other.Length);
    }

    [Fact]
    public void AWrongSmallFileIsRefusedToo()
    {
        using var hub = new TestHub(PullTests.Folder());
        using var data = new TempFolder();
        hub.But = (asked, answer) => asked.Path.EndsWith("/special_tokens_map.json", StringComparison.Ordinal) ? answer with { Body = "[]"u8.ToArray() } : answer;
        Assert.Equal(7, At(data, hub).Run("pull", "a/b").Code);
        Assert.False(Path.Exists(data["models/a/b"]));
    }

    [Fact]
    public void APartThatDoesNotFitIsFetchedAnew()
    {
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        var other = PullTests.Noise(50_000, 3);
        First(hub, 1, a => a with { Body = [.. other, .. model[50_000..]], CutAfter = 50_000 });
        Assert.Equal(0, At(data, hub).Run("pull", "a/b").Code);
        IsThere(data, model);
        Assert.Equal([null, "bytes=50000-", null], hub.Fetched.Select(a => a["range"]));
    }

    [Fact]
    public void AFileThatChangedBetweenTriesIsFetchedAnew()
    {
        using var hub = new TestHub();
        using var data = new TempFolder();
        var (now, tag) = (PullTests.Noise(200_000, 4), "\"one\"");
        hub.Instead = asked => TestHub.Part(asked, now, ("ETag", tag)) with { CutAfter = asked["range"] is null && tag == "\"one\"" ? 70_000 : null };
        var first = true;
        var usual = hub.Instead;
        hub.Instead = asked =>
        {
            var answer = usual(asked);
            if (first) (now, tag, first) = (model, "\"two\"", false);
            return answer;
        };
        Assert.Equal(0, At(data, hub).Run("pull", $"{hub.Url}/files/x.gguf").Code);
        Assert.Equal([(null, null), ("bytes=70000-", "\"one\"")], hub.Asked.Select(a => (a["range"], a["if-range"])));
        IsThere(data, model, "models/x.gguf");
    }

    [Theory]
    [InlineData(404, null, 3, "DAYU-3010"), InlineData(401, "RepoNotFound", 3, "HF_TOKEN"), InlineData(401, "GatedRepo", 1, "terms"), InlineData(403, "GatedRepo", 1, "terms"), InlineData(401, null, 3, "HF_TOKEN"),
        InlineData(404, "RevisionNotFound", 3, "DAYU-3013"), InlineData(418, null, 1, "418"), InlineData(503, null, 6, "503"), InlineData(429, null, 6, "429"), InlineData(302, null, 7, "DAYU-7023")]
    public void AnswersThatAreErrors(int status, string? code, int exit, string says)
    {
        using var hub = new TestHub { Instead = _ => new(status, [], code is null ? [] : [("X-Error-Code", code)]) };
        using var data = new TempFolder();
        var ran = At(data, hub).Run("pull", "a/b");
        Assert.Equal(exit, ran.Code);
        Assert.Contains(says, ran.Error, StringComparison.Ordinal);
        Assert.Equal("", ran.Out);
    }

    [Fact]
    public void ABusyHubSaysHowLongToWait()
    {
        var times = 0;
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        hub.Instead = _ => times++ == 0 ? new(429, [], ("Retry-After", "7")) : null;
        var clock = new HurriedClock();
        Assert.Equal(0, At(data, hub, clock).Run("pull", "a/b").Code);
        Assert.Contains(7, clock.Waits.Select(w => w.TotalSeconds));
        hub.Instead = _ => new(429, [], ("Retry-After", "3600"));
        var ran = At(data, hub).Run("pull", "c/d");
        Assert.Equal(6, ran.Code);
        Assert.Contains("1:00:00", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void MirrorsAreAskedInOrder()
    {
        using var gone = new TestHub { Instead = _ => new(404, []) };
        using var broken = new TestHub(("m.gguf", model));
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        broken.But = (asked, answer) => asked.Path.StartsWith("/cdn/", StringComparison.Ordinal) ? broken.Fetched.Length == 1 ? answer with { CutAfter = 50_000 } : new(500, []) : answer;
        var caller = At(data, hub);
        caller.Environment["HF_ENDPOINT"] = $"{gone.Url}, {broken.Url}/,{hub.Url}";
        var ran = caller.Run("pull", "a/b");
        Assert.True(ran.Code == 0, ran.Error);
        IsThere(data, model);
        Assert.Equal("bytes=50000-", Assert.Single(hub.Fetched)["range"]);   // what the second gave is not fetched again from the third
    }

    [Theory]
    [InlineData("{}"), InlineData("<html>"), InlineData("{\"siblings\": 5}"), InlineData("{\"siblings\": [{}]}"), InlineData("[]"), InlineData("{\"siblings\": [{\"rfilename\": 1}]}"), InlineData("{\"siblings\": [{\"rfilename\": \"x.gguf\", \"size\": 1e99}]}")]
    public void ListingsThatAreNone(string json)
    {
        using var hub = new TestHub { Instead = _ => new(200, Encoding.UTF8.GetBytes(json)) };
        using var data = new TempFolder();
        Assert.Equal(7, At(data, hub).Run("pull", "a/b").Code);
    }

    [Fact]
    public void CtrlCKeepsThePartAndSaysHowToGoOn()
    {
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        First(hub, 1, a => a with { StopAfter = 60_000 });
        var interrupts = new Cli.Interrupts();
        _ = Arrived(hub, data["models/.store/partial/mine/parts/m.gguf.part"]).ContinueWith(_ => interrupts.Signal(PosixSignal.SIGINT), TaskScheduler.Default);
        var caller = new Caller { Environment = { ["DAYU_DATA_DIR"] = data.Path, ["HF_ENDPOINT"] = hub.Url }, Interrupts = interrupts };
        var ran = caller.Run("pull", "a/b", "--as", "mine");
        Assert.Equal(130, ran.Code);
        Assert.Contains("dayu pull a/b --as mine\n", ran.Error, StringComparison.Ordinal);
        Assert.Equal(0, At(data, hub).Run("pull", "a/b", "--as", "mine").Code);
        Assert.StartsWith("bytes=", hub.Fetched[^1]["range"], StringComparison.Ordinal);
        IsThere(data, model, "models/mine.gguf");
    }

    /// <summary>The program as a process of its own, pulling a/b.</summary>
    static Process Program(params (string Name, string Value)[] environment)
    {
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "dayu.dll"), "pull", "a/b"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, Environment = { ["DAYU_LANG"] = "en" } };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    [Fact]
    public async Task AProxyIsAskedInstead()
    {
        using var proxy = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        proxy.Instead = asked => asked.Path.Contains("/api/", StringComparison.Ordinal) ? null : TestHub.Part(asked, model);
        using var program = Program(("DAYU_DATA_DIR", data.Path), ("HF_ENDPOINT", "http://hub.example"), ("http_proxy", proxy.Url), ("no_proxy", ""));
        var error = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(program.ExitCode == 0, error);
        Assert.All(proxy.Asked, a => Assert.Equal("hub.example", a.Host));
        IsThere(data, model);
    }

    /// <summary>The body stopped in its middle, and what came of it is on the disk.</summary>
    static async Task Arrived(TestHub hub, string part)
    {
        await hub.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        while (!File.Exists(part) || new FileInfo(part).Length < 60_000) await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    /// <summary>A process that pulls, until it is killed in the middle; a second one at the same time; and one that goes on.</summary>
    [Fact]
    public async Task AKilledPullGoesOnAndTwoAtOnceDoNotMeet()
    {
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        First(hub, 1, a => a with { StopAfter = 60_000 });
        using (var program = Program(("DAYU_DATA_DIR", data.Path), ("HF_ENDPOINT", hub.Url)))
        {
            await Arrived(hub, data["models/.store/partial/a+b/parts/m.gguf.part"]);
            var meanwhile = At(data, hub).Run("pull", "a/b");
            Assert.Equal(1, meanwhile.Code);
            Assert.Contains("DAYU-1010", meanwhile.Error, StringComparison.Ordinal);
            Assert.Equal(0, At(data, hub).Run("pull", "c/d").Code);   // another model is no trouble
            program.Kill();
            await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Assert.False(File.Exists(data["models/a/b.gguf"]));
        Assert.Equal(0, At(data, hub).Run("pull", "a/b").Code);
        Assert.Equal("bytes=60000-", hub.Fetched[^1]["range"]);
        IsThere(data, model);
    }
}
