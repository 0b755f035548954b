using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>A model on one instruction set in one precision, being timed, with what it cost to have it.</summary>
sealed class BenchTrial : IDisposable
{
    readonly SpeedTest test;
    readonly Loaded loaded;
    readonly ModelSpeed speed;
    readonly (string File, string Path, string Precision, int Threads) of;
    readonly double load;
    readonly MemoryUse peak;
    readonly BenchmarkCase read, multiply;

    /// <summary>Loads it and does everything once.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="of">Which file, instruction set, precision, and how many threads.</param>
    /// <param name="test">What is timed.</param>
    /// <param name="roofline">What its speed is a share of.</param>
    /// <param name="own">What the program took before any model.</param>
    /// <exception cref="CliError">It is more than the model was made for.</exception>
    public BenchTrial(CommandContext call, (string File, string Path, string Precision, int Threads) of, SpeedTest test, Roofline roofline, MemoryUse own)
    {
        (this.of, this.test) = (of, test);
        using var memory = new PeakMemory(own);
        var start = call.Terminal.Clock.GetTimestamp();
        loaded = Loaded.Open(call, of.File, null, of.Threads, of.Precision == "exact", of.Path);
        try
        {
            if (test.Room > loaded.Model.Net.Context) throw new CliError(2007, test.Room, loaded.Model.Net.Context);
            speed = new(loaded.Model.Model, test);
            load = call.Terminal.Clock.GetElapsedTime(start).TotalSeconds;
            speed.WarmUp(call.Cancel);
            peak = memory.Use;
            (read, multiply) = (roofline.Read, roofline.Multiply(speed.Format, of.Precision == "exact"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public IEnumerable<BenchmarkCase> Cases => speed.Cases;

    string Name => Path.GetFileName(of.File.TrimEnd('/', '\\'));

    string TestOf(BenchmarkCase c) => c == speed.Prompt ? $"pp{test.Prompt}" : $"tg{test.Answer}";

    /// <summary>What was measured, for programs: keys, units and rounding as peers print them, and shares of what the machine did in the same rounds.</summary>
    public JsonObject Json(BenchmarkCase c)
    {
        var (rate, operations) = (c.Rate, speed.OperationsOf(c));
        var isAnswer = c == speed.Answer;
        return new()
        {
            ["model"] = Name, ["path"] = of.Path, ["precision"] = of.Precision, ["test"] = TestOf(c), ["depth"] = test.Depth, ["batch"] = test.Batch, ["threads"] = of.Threads,
            ["tok_s"] = Rounded(rate.Median), ["min"] = Rounded(rate.Min), ["max"] = Rounded(rate.Max), ["rounds"] = c.Rates.Count, ["load_s"] = Math.Round(load, 3), ["peak_mib"] = peak.Resident >> 20, ["private_mib"] = peak.Private >> 20,
            ["gb_s"] = isAnswer ? Rounded(rate.Median * speed.BytesOfAnswer / 1e9) : null, ["read_share"] = isAnswer ? Rounded(c.RatioTo(read, speed.BytesOfAnswer).Median) : null,
            ["gflop_s"] = Rounded(rate.Median * operations / 1e9), ["multiply_share"] = Rounded(c.RatioTo(multiply, operations).Median),
            ["peak_gb_s"] = Rounded(read.Rate.Median / 1e9), ["peak_gflop_s"] = Rounded(multiply.Rate.Median / 1e9), ["gb_token"] = isAnswer ? Math.Round(speed.BytesOfAnswer / 1e9, 6) : null,
        };
    }

    /// <summary>Names of <see cref="Row"/>'s cells.</summary>
    public static string[] Columns => ["MODEL", "PATH", "TEST", "TOK/S>", "MIN … MAX", "GB/S>", "OF PEAK>", "GFLOP/S>", "OF PEAK>", "READY>", "MEMORY>"];

    /// <summary>The same for people.</summary>
    public string[] Row(BenchmarkCase c)
    {
        var (rate, operations) = (c.Rate, speed.OperationsOf(c));
        var isAnswer = c == speed.Answer;
        return
        [
            Name, of.Precision == "exact" ? $"{of.Path} exact" : of.Path, $"{TestOf(c)}{(test.Depth > 0 ? $" d{test.Depth}" : "")}{(test.Batch > 1 && isAnswer ? $" b{test.Batch}" : "")}",
            $"{rate.Median:F1}", $"{rate.Min:F1} … {rate.Max:F1}", isAnswer ? $"{rate.Median * speed.BytesOfAnswer / 1e9:F1}" : "–", isAnswer ? Share(c.RatioTo(read, speed.BytesOfAnswer)) : "–",
            $"{rate.Median * operations / 1e9:F0}", Share(c.RatioTo(multiply, operations)), $"{load:F2} s", $"{peak.Resident >> 20} MiB",
        ];
    }

    static string Share(Statistics s) => $"{100 * s.Median:F0} %";

    static double Rounded(double x) => double.IsFinite(x) ? Math.Round(x, 3) : 0;

    public void Dispose()
    {
        speed?.Dispose();
        loaded.Dispose();
    }
}
