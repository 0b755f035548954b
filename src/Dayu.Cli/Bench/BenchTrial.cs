using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>What of a model is timed.</summary>
/// <param name="Model">The model.</param>
/// <param name="Path">The instruction set.</param>
/// <param name="Precision">fast or exact.</param>
/// <param name="Threads">Threads.</param>
sealed record BenchSetup(ModelPlace Model, string Path, string Precision, int Threads)
{
    public bool IsExact => Precision == "exact";

    /// <summary>The model for people.</summary>
    public string Name => Model.Adapter is null ? System.IO.Path.GetFileName(Model.Path.TrimEnd('/', '\\')) : Model.Name;
}

/// <summary>A model on one instruction set in one precision, being timed, with what it cost to have it.</summary>
sealed class BenchTrial : IDisposable
{
    readonly SpeedTest test;
    readonly Loaded loaded;
    readonly ModelSpeed speed;
    readonly BenchSetup setup;
    readonly double load;
    readonly MemoryUse peak;
    readonly BenchmarkCase read, multiply;

    /// <summary>Loads it and does everything once.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="setup">What of it is timed.</param>
    /// <param name="test">How much it reads and writes.</param>
    /// <param name="roofline">What its speed is a share of.</param>
    /// <param name="own">What the program took before any model.</param>
    /// <exception cref="CliError">It is more than the model was made for.</exception>
    public BenchTrial(CommandContext call, BenchSetup setup, SpeedTest test, Roofline roofline, MemoryUse own)
    {
        (this.setup, this.test) = (setup, test);
        using var memory = new PeakMemory(own);
        var start = call.Terminal.Clock.GetTimestamp();
        loaded = Loaded.Open(call, setup.Model, null, setup.Threads, setup.IsExact, setup.Path);
        try
        {
            if (test.Room > loaded.Model.Context) throw new CliError(2007, test.Room, loaded.Model.Context);
            speed = new(loaded.Model.Model, test);
            load = call.Terminal.Clock.GetElapsedTime(start).TotalSeconds;
            speed.WarmUp(call.Cancel);
            peak = memory.Use;
            (read, multiply) = (roofline.Read, roofline.Multiply(speed.Format, setup.IsExact));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IEnumerable<BenchmarkCase> Cases => speed.Cases;

    bool IsAnswer(BenchmarkCase c) => c == speed.Answer;

    string TestOf(BenchmarkCase c) => IsAnswer(c) ? $"tg{test.Answer}" : $"pp{test.Prompt}";

    double BytesPerSecond(BenchmarkCase c) => c.Rate.Median * speed.BytesOfAnswer;

    double OperationsPerSecond(BenchmarkCase c) => c.Rate.Median * speed.OperationsOf(c);

    double ReadShare(BenchmarkCase c) => c.RatioTo(read, speed.BytesOfAnswer).Median;

    double MultiplyShare(BenchmarkCase c) => c.RatioTo(multiply, speed.OperationsOf(c)).Median;

    /// <summary>
    /// What was measured, for programs: keys, units and rounding as peers print them, and shares of what the machine did in the
    /// same rounds.
    /// </summary>
    public JsonObject Json(BenchmarkCase c)
    {
        var (rate, isAnswer) = (c.Rate, IsAnswer(c));
        return new()
        {
            ["model"] = setup.Name,
            ["path"] = setup.Path,
            ["precision"] = setup.Precision,
            ["test"] = TestOf(c),
            ["depth"] = test.Depth,
            ["batch"] = test.Batch,
            ["threads"] = setup.Threads,
            ["tok_s"] = Rounded(rate.Median),
            ["min"] = Rounded(rate.Min),
            ["max"] = Rounded(rate.Max),
            ["rounds"] = c.Rates.Count,
            ["load_s"] = Math.Round(load, 3),
            ["peak_mib"] = peak.Resident >> 20,
            ["private_mib"] = peak.Private >> 20,
            ["gb_s"] = isAnswer ? Rounded(BytesPerSecond(c) / 1e9) : null,
            ["read_share"] = isAnswer ? Rounded(ReadShare(c)) : null,
            ["gflop_s"] = Rounded(OperationsPerSecond(c) / 1e9),
            ["multiply_share"] = Rounded(MultiplyShare(c)),
            ["peak_gb_s"] = Rounded(read.Rate.Median / 1e9),
            ["peak_gflop_s"] = Rounded(multiply.Rate.Median / 1e9),
            ["gb_token"] = isAnswer ? Math.Round(speed.BytesOfAnswer / 1e9, 6) : null,
        };
    }

    /// <summary>Names of <see cref="Row"/>'s cells.</summary>
    public static string[] Columns =>
        ["MODEL", "PATH", "TEST", "TOK/S>", "MIN … MAX", "GB/S>", "OF PEAK>", "GFLOP/S>", "OF PEAK>", "READY>", "MEMORY>"];

    /// <summary>The same for people.</summary>
    public string[] Row(BenchmarkCase c)
    {
        var (rate, isAnswer) = (c.Rate, IsAnswer(c));
        var (depth, batch) = (test.Depth > 0 ? $" d{test.Depth}" : "", test.Batch > 1 && isAnswer ? $" b{test.Batch}" : "");
        return
        [
            setup.Name,
            setup.IsExact ? $"{setup.Path} exact" : setup.Path,
            TestOf(c) + depth + batch,
            $"{rate.Median:F1}",
            $"{rate.Min:F1} … {rate.Max:F1}",
            isAnswer ? $"{BytesPerSecond(c) / 1e9:F1}" : "–",
            isAnswer ? Percent(ReadShare(c)) : "–",
            $"{OperationsPerSecond(c) / 1e9:F0}",
            Percent(MultiplyShare(c)),
            $"{load:F2} s",
            $"{peak.Resident >> 20} MiB",
        ];
    }

    static string Percent(double share) => $"{100 * share:F0} %";

    static double Rounded(double x) => double.IsFinite(x) ? Math.Round(x, 3) : 0;

    public void Dispose()
    {
        speed?.Dispose();
        loaded.Dispose();
    }
}
