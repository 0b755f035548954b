using System.Runtime.InteropServices;

namespace Dayu.Tests;

/// <summary>What is told of what goes wrong on the way, and how a pull that was stopped goes on.</summary>
public sealed class PullFaultTests
{
    static readonly byte[] model = Noise.Of(300_000);

    static Caller At(TempFolder data, TestHub hub, HurriedClock? clock = null) => new()
    {
        Environment = { ["DAYU_DATA_DIR"] = data.Path, ["HF_ENDPOINT"] = hub.Url },
        Folder = data.Path,
        Clock = clock ?? new HurriedClock(),
    };

    static void IsThere(TempFolder data, string path = "models/a/b.gguf") =>
        Assert.Equal(TestHub.Sha256(model), TestHub.Sha256(File.ReadAllBytes(data[path])));

    [Fact]
    public void AHubThatIsGoneIsAskedSixTimes()
    {
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        hub.ChangeFirst(1, a => a with { CutAfter = 50_000 });
        var (once, fetched) = (hub.But, 0);
        hub.But = (asked, answer) => IsContent(asked) && ++fetched > 1 ? new(503, []) : once(asked, answer);
        var clock = new HurriedClock();
        var ran = At(data, hub, clock).Run("pull", "a/b", "--as", "my-model", "--revision", "main");
        Assert.Equal(6, ran.Code);
        Assert.Contains("dayu pull a/b --as my-model --revision main", ran.Error, StringComparison.Ordinal);
        Assert.Equal([1, 2, 4, 8, 16], clock.Seconds);
        Assert.False(Path.Exists(data["models/my-model.gguf"]));
        hub.But = (_, answer) => answer;
        Assert.Contains("my-model", At(data, hub).Run("ls").Error, StringComparison.Ordinal);
        Assert.Equal(0, At(data, hub).Run("pull", "a/b", "--as", "my-model").Code);
        Assert.Equal("bytes=50000-", hub.Fetched[^1]["range"]);
        IsThere(data, "models/my-model.gguf");
    }

    [Theory]
    [InlineData(404, null, 3, "DAYU-3010"), InlineData(404, "RevisionNotFound", 3, "DAYU-3013")]
    [InlineData(401, "RepoNotFound", 3, "HF_TOKEN"), InlineData(401, null, 3, "HF_TOKEN")]
    [InlineData(401, "GatedRepo", 1, "terms"), InlineData(403, "GatedRepo", 1, "terms")]
    [InlineData(418, null, 1, "418")]
    [InlineData(503, null, 6, "503"), InlineData(429, null, 6, "429"), InlineData(302, null, 7, "DAYU-7023")]
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
        using var hub = new TestHub { Instead = _ => new(429, [], ("Retry-After", "3600")) };
        using var data = new TempFolder();
        var ran = At(data, hub).Run("pull", "c/d");
        Assert.Equal(6, ran.Code);
        Assert.Contains("1:00:00", ran.Error, StringComparison.Ordinal);
    }

    /// <summary>The person is told so, in the language that is chosen.</summary>
    [Fact]
    public void WhatBeginsAnewIsTold()
    {
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        hub.ChangeFirst(1, a => a with { Body = [.. Noise.Of(50_000, 3), .. model[50_000..]], CutAfter = 50_000 });
        var ran = At(data, hub).Run("pull", "a/b", "--lang", "zh");
        Assert.Equal(0, ran.Code);
        Assert.Contains("m.gguf 先前下载的部分与文件不符", ran.Error, StringComparison.Ordinal);
        IsThere(data);
    }

    [Fact]
    public void MirrorsAreAskedInOrder()
    {
        using var gone = new TestHub { Instead = _ => new(404, []) };
        using var broken = new TestHub(("m.gguf", model)) { But = (asked, answer) => IsContent(asked) ? new(500, []) : answer };
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        var caller = At(data, hub);
        caller.Environment["HF_ENDPOINT"] = $"{gone.Url}, {broken.Url}/,{hub.Url}";
        var ran = caller.Run("pull", "a/b");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Contains("(DAYU-3010)", ran.Error, StringComparison.Ordinal);
        Assert.Contains("(DAYU-6001)", ran.Error, StringComparison.Ordinal);
        IsThere(data);
    }

    static bool IsContent(Asked asked) => asked.Path.StartsWith("/cdn/", StringComparison.Ordinal);

    [Fact]
    public void CtrlCKeepsThePartAndSaysHowToGoOn()
    {
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        hub.ChangeFirst(1, a => a with { StopAfter = 60_000 });
        var interrupts = new Cli.Interrupts();
        var arrived = Arrived(hub, data["models/.store/partial/mine/parts/m.gguf.part"]);
        _ = arrived.ContinueWith(_ => interrupts.Signal(PosixSignal.SIGINT), TaskScheduler.Default);
        var caller = new Caller { Environment = { ["DAYU_DATA_DIR"] = data.Path, ["HF_ENDPOINT"] = hub.Url }, Interrupts = interrupts };
        var ran = caller.Run("pull", "a/b", "--as", "mine");
        Assert.Equal(130, ran.Code);
        Assert.Contains("dayu pull a/b --as mine\n", ran.Error, StringComparison.Ordinal);
        Assert.Equal(0, At(data, hub).Run("pull", "a/b", "--as", "mine").Code);
        Assert.StartsWith("bytes=", hub.Fetched[^1]["range"], StringComparison.Ordinal);
        IsThere(data, "models/mine.gguf");
    }

    [Fact]
    public async Task AProxyIsAskedInstead()
    {
        using var proxy = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        proxy.Instead = asked => asked.Path.Contains("/api/", StringComparison.Ordinal) ? null : TestHub.Part(asked, model);
        var hub = ("HF_ENDPOINT", "http://hub.example");
        using var program = DayuProcess.Start(
            ["pull", "a/b"], ("DAYU_DATA_DIR", data.Path), hub, ("http_proxy", proxy.Url), ("no_proxy", ""));
        var error = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(program.ExitCode == 0, error);
        Assert.All(proxy.Asked, a => Assert.Equal("hub.example", a.Host));
        IsThere(data);
    }

    /// <summary>The body stopped in its middle, and what came of it is on the disk.</summary>
    static async Task Arrived(TestHub hub, string part)
    {
        await hub.Stopped.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        while (!File.Exists(part) || new FileInfo(part).Length < 60_000) await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// A process that pulls, until it is killed in the middle; a second one at the same time; and one that goes on.
    /// </summary>
    [Fact]
    public async Task AKilledPullGoesOnAndTwoAtOnceDoNotMeet()
    {
        using var hub = new TestHub(("m.gguf", model));
        using var data = new TempFolder();
        hub.ChangeFirst(1, a => a with { StopAfter = 60_000 });
        using (var program = DayuProcess.Start(
            ["pull", "a/b"], ("DAYU_DATA_DIR", data.Path), ("HF_ENDPOINT", hub.Url)))
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
        IsThere(data);
    }
}
