using System.Text;
using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>What goes wrong on the way is made good, or refused; nothing wrong gets a model's name.</summary>
public sealed class DownloadTests : IDisposable
{
    static readonly byte[] model = Noise.Of(300_000);

    readonly TempFolder data = new();
    readonly HurriedClock clock = new();

    public void Dispose() => data.Dispose();

    /// <summary>Pulls into the store of the test.</summary>
    PullResult Pull(string source, params TestHub[] hubs)
    {
        var parsed = PullSource.Parse(source);
        using var slot = new ModelStore(data.Path).Hold(parsed.Name);
        var options = new PullOptions([.. hubs.Select(h => new Uri(h.Url + "/"))], clock);
        return new ModelPull(parsed, slot, options).Run(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    void IsThere(byte[] bytes, string path = "a/b.gguf") =>
        Assert.Equal(TestHub.Sha256(bytes), TestHub.Sha256(File.ReadAllBytes(data[path])));

    FileInfo[] FilesLeft => new DirectoryInfo(data.Path).GetFiles("*", SearchOption.AllDirectories);

    static bool IsContent(Asked asked) => asked.Path.StartsWith("/cdn/", StringComparison.Ordinal);

    static string?[] Ranges(TestHub hub) => [.. hub.Fetched.Select(a => a["range"])];

    [Fact]
    public void ACutConnectionGoesOnWhereItWas()
    {
        using var hub = new TestHub(("m.gguf", model));
        hub.ChangeFirst(3, a => a with { CutAfter = 50_000 });
        Assert.True(Pull("a/b", hub).IsNew);
        IsThere(model);
        Assert.Equal([null, "bytes=50000-", "bytes=100000-", "bytes=150000-"], Ranges(hub));
        Assert.Equal([1, 1, 1], clock.Seconds);                       // each brought something
    }

    [Fact]
    public void AWrongHashIsRefused()
    {
        using var hub = new TestHub(("m.gguf", model));
        var other = Noise.Of(model.Length, 2);
        hub.ChangeFirst(99, a => a with { Body = other });
        var refused = Assert.Throws<DamagedFileException>(() => Pull("a/b", hub));
        Assert.Equal(("m.gguf", false), (refused.File, refused.IsLength));
        Assert.Equal((TestHub.Sha256(other), TestHub.Sha256(model)), (refused.Found, refused.Expected));
        Assert.False(Path.Exists(data["a/b.gguf"]));
        Assert.DoesNotContain(FilesLeft, f => f.Length == other.Length);
    }

    [Fact]
    public void AWrongLengthIsRefused()
    {
        using var hub = new TestHub(("m.gguf", model));
        hub.ChangeFirst(1, a => a with { Body = model[..1000] });
        var refused = Assert.Throws<DamagedFileException>(() => Pull("a/b", hub));
        Assert.Equal(("1000", "300000", true), (refused.Found, refused.Expected, refused.IsLength));
    }

    [Fact]
    public void AWrongSmallFileIsRefusedToo()
    {
        using var hub = new TestHub(TestHub.LlamaFolder());
        hub.But = (asked, answer) =>
            asked.Path.EndsWith("/special_tokens_map.json", StringComparison.Ordinal) ? answer with { Body = "[]"u8.ToArray() } : answer;
        Assert.Throws<DamagedFileException>(() => Pull("a/b", hub));
        Assert.False(Path.Exists(data["a/b"]));
    }

    [Fact]
    public void APartThatDoesNotFitIsFetchedAnew()
    {
        using var hub = new TestHub(("m.gguf", model));
        var other = Noise.Of(50_000, 3);
        hub.ChangeFirst(1, a => a with { Body = [.. other, .. model[50_000..]], CutAfter = 50_000 });
        Pull("a/b", hub);
        IsThere(model);
        Assert.Equal([null, "bytes=50000-", null], Ranges(hub));
    }

    [Fact]
    public void AFileThatChangedBetweenTriesIsFetchedAnew()
    {
        using var hub = new TestHub();
        var (old, times) = (Noise.Of(200_000, 4), 0);
        hub.Instead = asked => times++ == 0
            ? TestHub.Part(asked, old, ("ETag", "\"one\"")) with { CutAfter = 70_000 }
            : TestHub.Part(asked, model, ("ETag", "\"two\""));
        Pull($"{hub.Url}/files/x.gguf");
        Assert.Equal([(null, null), ("bytes=70000-", "\"one\"")], hub.Asked.Select(a => (a["range"], a["if-range"])));
        IsThere(model, "x.gguf");
    }

    [Fact]
    public void AFileThatIsListedAndNotThere()
    {
        using var hub = new TestHub(("m.gguf", model));
        hub.But = (asked, answer) =>
            asked.Path.Contains("/resolve/", StringComparison.Ordinal) ? new(404, [], ("X-Error-Code", "EntryNotFound")) : answer;
        Assert.Equal(HubRefusal.NoFile, Assert.Throws<HubRefusalException>(() => Pull("a/b", hub)).Refusal);
    }

    [Fact]
    public void ABusyHubSaysHowLongToWait()
    {
        var times = 0;
        using var hub = new TestHub(("m.gguf", model)) { Instead = _ => times++ == 0 ? new(429, [], ("Retry-After", "7")) : null };
        Pull("a/b", hub);
        Assert.Contains(7, clock.Seconds);
        hub.Instead = _ => new(429, [], ("Retry-After", "3600"));
        Assert.Equal(TimeSpan.FromHours(1), Assert.Throws<HubUnreachableException>(() => Pull("c/d", hub)).RetryAfter);
    }

    [Fact]
    public void HubsAreAskedInOrder()
    {
        using var gone = new TestHub { Instead = _ => new(404, []) };
        using var broken = new TestHub(("m.gguf", model));
        using var hub = new TestHub(("m.gguf", model));
        broken.But = (asked, answer) => !IsContent(asked) ? answer
            : broken.Fetched.Length == 1 ? answer with { CutAfter = 50_000 } : new(500, []);
        Pull("a/b", gone, broken, hub);
        IsThere(model);
        Assert.Equal("bytes=50000-", Assert.Single(Ranges(hub)));     // what the second gave is not fetched again from the third
    }

    [Theory]
    [InlineData("{}"), InlineData("<html>"), InlineData("[]"), InlineData("{\"siblings\": 5}"), InlineData("{\"siblings\": [{}]}")]
    [InlineData("{\"siblings\": [{\"rfilename\": 1}]}"), InlineData("{\"siblings\": [{\"rfilename\": null}]}")]
    [InlineData("{\"siblings\": [{\"rfilename\": \"x.gguf\", \"size\": 1e99}]}")]
    public void ListingsThatAreNone(string json)
    {
        using var hub = new TestHub { Instead = _ => new(200, Encoding.UTF8.GetBytes(json)) };
        Assert.Throws<HubAnswerException>(() => Pull("a/b", hub));
    }

    [Theory]
    [InlineData("../evil.gguf"), InlineData("/etc/evil.gguf"), InlineData("a\\b.gguf"), InlineData("C:evil.gguf"), InlineData("nul.gguf")]
    [InlineData("sub/../../evil.gguf"), InlineData("com1/x.gguf"), InlineData("a./x.gguf"), InlineData("x\u0007.gguf")]
    public void PathsOfTheServerAreNotTrusted(string path)
    {
        using var hub = new TestHub((path, Noise.Of(5000)));
        Assert.Equal(path, Assert.Throws<UnsafePathException>(() => Pull("a/b", hub)).Path);
        Assert.DoesNotContain(FilesLeft, f => f.FullName.Contains("evil", StringComparison.Ordinal));
    }

    [Fact]
    public void RoomIsCheckedFirst()
    {
        using var hub = new TestHub(("m.gguf", Noise.Of(5000)));
        hub.But = (asked, answer) => IsListing(asked) ? answer with { Body = Larger(answer.Body) } : answer;
        Assert.InRange(Assert.Throws<DiskSpaceException>(() => Pull("a/b", hub)).Needed, 4_999_999_999_999_000_000, long.MaxValue);
        Assert.Empty(hub.Fetched);

        static bool IsListing(Asked asked) => asked.Path.StartsWith("/api", StringComparison.Ordinal);

        static byte[] Larger(byte[] listing) =>
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(listing).Replace(":5000", ":5000000000000000000"));
    }

    [Fact]
    public async Task ACancelledPullKeepsWhatCame()
    {
        using var hub = new TestHub(("m.gguf", model));
        hub.ChangeFirst(1, a => a with { StopAfter = 60_000 });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var came = 0L;
        using (var slot = new ModelStore(data.Path).Hold("a/b"))
        {
            var options = new PullOptions([new(hub.Url + "/")], clock) { Progress = Stop };
            var pull = new ModelPull(PullSource.Parse("a/b"), slot, options);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull.Run(stop.Token));
        }
        Assert.Equal(["a/b"], new ModelStore(data.Path).Unfinished());
        Pull("a/b", hub);
        Assert.Equal($"bytes={came}-", Ranges(hub)[^1]);
        IsThere(model);

        void Stop(PullEvent e)
        {
            if (e is not FileProgress f) return;
            came = f.Bytes;
            stop.Cancel();
        }
    }
}
