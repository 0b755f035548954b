using System.Net;
using System.Net.Sockets;
using Dayu.Cli;
using Dayu.Hub;

namespace Dayu.Tests;

/// <summary>Models with short names: listed, pulled, and what is told of those that are not there.</summary>
public sealed class PullKnownTests
{
    static readonly string[] names = [.. KnownModels.All.Select(m => m.Name)];

    static TestHub Hub() => new(("m-q4_k_m.gguf", File.ReadAllBytes(TestModels.Gguf)), ("m-q8_0.gguf", Noise.Of(9000)));

    static Caller At(TempFolder data, string hub, long memory = 8L << 30) => new()
    {
        Environment = { ["DAYU_DATA_DIR"] = data.Path, ["HF_ENDPOINT"] = hub },
        Folder = data.Path,
        Memory = memory,
        Clock = new HurriedClock(),
    };

    [Fact]
    public void AShortNameIsPulledAndFromThenOnNamesTheModel()
    {
        using var hub = Hub();
        using var data = new TempFolder();
        var ran = At(data, hub.Url).Run("pull", "Qwen2.5-0.5B", "--json");
        Assert.True(ran.Code == 0, ran.Error);
        Assert.Equal("qwen2.5-0.5b", (string)ran.Json["name"]!);
        Assert.Equal("Qwen/Qwen2.5-0.5B-Instruct-GGUF:q4_k_m", (string)ran.Json["source"]!);
        Assert.Contains(hub.Asked, a => a.Path.StartsWith("/api/models/Qwen/Qwen2.5-0.5B-Instruct-GGUF/", StringComparison.Ordinal));
        Assert.Equal(hub.Files["m-q4_k_m.gguf"], File.ReadAllBytes(data["models/qwen2.5-0.5b.gguf"]));
        foreach (var said in (string[])["qwen2.5-0.5b", "QWEN2.5-0.5b"]) Assert.Equal(0, At(data, hub.Url).Run("show", said).Code);
        Assert.False((bool)At(data, hub.Url).Run("pull", "qwen2.5-0.5b", "--json").Json["is_new"]!);
    }

    [Fact]
    public void WithoutAModelAllAreListed()
    {
        var ran = Caller.Do("pull", "--json");
        Assert.Equal(0, ran.Code);
        var models = ran.Json["models"]!.AsArray();
        Assert.Equal(names, models.Select(m => (string)m!["name"]!));
        Assert.All(models, m => Assert.Equal("name source bytes memory fits license languages use", Ran.KeysOf(m)));
        Assert.Equal(["en", "zh", "mul"], models[0]!["languages"]!.AsArray().Select(l => (string)l!));
        var table = Caller.Do("pull");
        table.Says("MEMORY  FITS  LICENSE");
        table.Says("491 MB  641 MB  yes   Apache-2.0  en zh …    chat");
        table.Warns("dayu pull NAME");
        Caller.Do("pull", "--lang", "zh").Says("续写文本");
    }

    /// <summary>641 MB are 491 of weights, 50 of keys and values, 100 of the program.</summary>
    [Theory, InlineData(641_331_648, true), InlineData(641_331_647, false)]
    public void AModelFitsWhereItsMemoryIs(long memory, bool fits)
    {
        var models = new Caller { Memory = memory }.Run("pull", "--json").Json["models"]!.AsArray();
        Assert.Equal(fits, (bool)models[0]!["fits"]!);
    }

    [Fact]
    public void AModelThatDoesNotFitIsWarnedOfBeforeItIsFetched()
    {
        using var hub = Hub();
        using var data = new TempFolder();
        var fetched = 0;
        hub.But = (asked, answer) =>
        {
            fetched += asked.Path.StartsWith("/cdn/", StringComparison.Ordinal) ? 1 : 0;
            return answer;
        };
        var ran = At(data, hub.Url, memory: 500_000_000).Run("pull", "qwen2.5-0.5b");
        Assert.Equal((0, 1), (ran.Code, fetched));
        ran.Warns("about 641 MB of memory and this machine has 500 MB");
        Assert.True(ran.Error.IndexOf("641 MB", StringComparison.Ordinal) < ran.Error.IndexOf("sha256", StringComparison.Ordinal));
        At(data, hub.Url, memory: 8999).Run("pull", "a/b:q8_0").Warns("9.0 kB of memory");
        Assert.DoesNotContain("memory", At(data, hub.Url, memory: 9000).Run("pull", "c/d:q8_0").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen9", "en", "qwen2.5-0.5b, qwen2.5-1.5b, qwen3-0.6b, qwen3-1.7b?"), InlineData("tinylama", "en", "tinyllama-1.1b")]
    [InlineData("smollm2:135m", "zh", "smollm2-135m, smollm2-360m"), InlineData("mistral", "zh", "dayu pull owner/name")]
    public void ANameThatIsNoneIsToldTheNearest(string name, string language, string says)
    {
        var ran = Caller.Do("pull", name, "--lang", language);
        Assert.Equal(2, ran.Code);
        ran.Warns("DAYU-2014");
        ran.Warns(says);
    }

    [Fact]
    public void OptionsNeedAModel()
    {
        var ran = Caller.Do("pull", "--as", "x");
        Assert.Equal((2, ""), (ran.Code, ran.Out));
        ran.Warns("DAYU-2015");
    }

    [Theory]
    [InlineData("run qwen3-0.6b"), InlineData("run -m qwen3-0.6b hi"), InlineData("chat qwen3-0.6b"), InlineData("chat Qwen3-0.6B")]
    public void AKnownModelThatIsNotThereIsAPullAway(string line)
    {
        var ran = Caller.Do(line.Split(' '));
        Assert.Equal(3, ran.Code);
        ran.Warns("(639 MB): dayu pull qwen3-0.6b");
    }

    [Theory, InlineData("chat", "en"), InlineData("run hello", "zh"), InlineData("ls", "en"), InlineData("doctor", "zh")]
    public void WhoHasNoModelIsLedToOne(string line, string language) =>
        Caller.Do([.. line.Split(' '), "--lang", language]).Warns("dayu pull qwen2.5-0.5b");

    [Theory, InlineData("en", "cannot reach"), InlineData("zh", "无法连接")]
    public void AHubThatCannotBeReachedLeadsToMirrors(string language, string says)
    {
        using var data = new TempFolder();
        var caller = At(data, Closed());
        var ran = caller.Run("pull", "qwen2.5-0.5b", "--as", "q", "--lang", language);
        Assert.Equal(6, ran.Code);
        Assert.Equal([1, 1], ((HurriedClock)caller.Clock).Seconds);
        Assert.Equal(3, ran.Error.Split(says).Length - 1);
        ran.Warns("DAYU-6003");
        ran.Warns("HF_ENDPOINT=https://hf-mirror.com dayu pull qwen2.5-0.5b --as q\n");
        ran.Warns("dayu config set hub.mirrors https://hf-mirror.com");
        ran.Warns("modelscope.cn");
    }

    /// <summary>Another hub says nothing of a file by its address.</summary>
    [Fact]
    public void AnAddressThatCannotBeReachedHasNoMirror()
    {
        using var data = new TempFolder();
        var ran = At(data, Closed()).Run("pull", $"{Closed()}/m.gguf");
        Assert.Equal(6, ran.Code);
        ran.Warns("DAYU-6001");
        Assert.DoesNotContain("mirror", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AMirrorIsTriedWhereTheHubCannotBeReached()
    {
        using var hub = Hub();
        using var data = new TempFolder();
        var ran = At(data, $"{Closed()},{hub.Url}").Run("pull", "qwen2.5-0.5b");
        Assert.True(ran.Code == 0, ran.Error);
        ran.Warns("(DAYU-6003)");
    }

    /// <summary>The nearest comes first, then its family; of a strange word, all.</summary>
    [Fact]
    public void NearNames()
    {
        Assert.Equal(["qwen3-1.7b", "qwen2.5-0.5b", "qwen2.5-1.5b", "qwen3-0.6b"], Suggestions.Near("Qwen3:1.7B", names));
        Assert.Equal(["gpt2"], Suggestions.Near("gpt2-medium", names));
        Assert.Equal(names, Suggestions.Near("mistral-7b", names));
    }

    /// <summary>A port of this machine where nobody listens.</summary>
    static string Closed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
