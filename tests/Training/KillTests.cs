namespace Dayu.Tests;

/// <summary>
/// The process is killed (SIGKILL) at moments that a seed chooses, and gone on with: the final weights have the bytes of a run
/// that nobody killed.
/// </summary>
public sealed class KillTests : IDisposable
{
    const int Steps = 1500;
    const string Adapter = "adapter={\"rank\": 2}";

    readonly TempFolder folder = new();
    readonly QuantizeModel start = new();                            // with a tokenizer

    byte[] Weights(string run) => TinyRun.Weights(folder[$"runs/{run}/checkpoints/{Steps:D7}"]);

    string Metrics(string run) => folder[$"runs/{run}/metrics.jsonl"];

    /// <summary>Trains, or goes on, until it ends or has written so many bytes of metrics.</summary>
    async Task<bool> Train(string run, string model, string ema, bool resume, long until)
    {
        string[] begun = ["--data", folder["text.txt"], "--name", run, "--steps", $"{Steps}", "--window", "8", "--batch", "2",
            "--set", model, $"optimizer.ema={ema}", "save.every=37", "eval.every=50", "eval.tokens=50",
            .. model == Adapter ? (string[])["--from", start.Path] : []];
        using var process = DayuProcess.Start(["train", .. resume ? ["--resume", run] : begun], ("DAYU_DATA_DIR", folder.Path));
        process.StandardInput.Close();
        var ended = DayuProcess.End(process);
        while (!ended.IsCompleted && !(File.Exists(Metrics(run)) && new FileInfo(Metrics(run)).Length > until))
            await Task.Delay(1, TestContext.Current.CancellationToken);
        var kills = !ended.IsCompleted;
        if (kills) process.Kill();
        var (code, _, error) = await ended;
        Assert.True(code == 0 || kills, $"{code}: {error}");
        return code == 0;
    }

    /// <summary>
    /// An LSTM has besides weights and moments the states of the texts that it goes on with; here also weights that are averaged.
    /// Pairs on a model go on likewise.
    /// </summary>
    [Theory]
    [InlineData("model={\"num_hidden_layers\": 1, \"hidden_size\": 64}", "null")]
    [InlineData("model={\"model_type\": \"lstm\", \"embedding_size\": 32, \"hidden_size\": 32}", "0.99")]
    [InlineData(Adapter, "0.9")]
    public async Task KilledAtAnyMomentItEndsInTheSameBytes(string model, string ema)
    {
        File.WriteAllText(folder["text.txt"], string.Concat(Enumerable.Range(0, 500).Select(i => $"{i % 10} and {i % 7}; ")));
        Assert.True(await Train("whole", model, ema, resume: false, until: long.MaxValue));
        var (whole, random, kills) = (new FileInfo(Metrics("whole")).Length, new Random(7), 0);
        for (var left = Sizes.Of(4, 40); ; left--)
        {
            var resume = File.Exists(folder["runs/cut/recipe.json"]);
            if (await Train("cut", model, ema, resume, until: left > 0 ? random.NextInt64(whole) : long.MaxValue)) break;
            kills++;
        }
        Assert.True(kills > 0, "nobody was killed");
        Assert.Equal(Weights("whole"), Weights("cut"));
    }

    public void Dispose()
    {
        folder.Dispose();
        start.Dispose();
    }
}
