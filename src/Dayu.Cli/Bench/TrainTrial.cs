using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>Steps of training on random tokens, timed: one model, one precision of products.</summary>
sealed class TrainTrial : IDisposable
{
    readonly Backend on;
    readonly LoadedModel model;
    readonly Parameters parameters;
    readonly Trainer trainer;
    readonly PeakMemory memory;
    readonly long tokens;

    /// <param name="recipe">Model, window, batch, optimizer.</param>
    /// <param name="vocabulary">Tokens that the model knows, at least; a published shape has its own.</param>
    /// <param name="precision"><c>float32</c> or <c>bfloat16</c>.</param>
    /// <param name="threads">Threads to compute with.</param>
    /// <param name="own">What the process held before.</param>
    public TrainTrial(Recipe recipe, int vocabulary, string precision, int threads, MemoryUse own)
    {
        Precision = precision;
        memory = new(own);
        on = precision == "bfloat16" ? Device.OpenRounding(threads, Device.Paths().Taken) : Device.Open(threads, exact: true);
        model = LoadedModel.Create(RecipeModel.Config(recipe.Model, vocabulary, recipe.Data.Window), on, recipe.Seed);
        parameters = new(model);
        var optimizer = Optimizers.Make(recipe.Optimizer, parameters, model);
        tokens = (long)recipe.Data.Window * recipe.Data.Batch * recipe.Data.Accumulate;
        var known = (ulong)model.Config["vocab_size"]!.GetValue<int>();
        int[] ids = [.. Enumerable.Range(0, 1 << 16).Select(i => (int)(CounterRng.Mix(3, (ulong)i) % known))];
        var data = new RandomWindows(ids, recipe.Data.Window, recipe.Data.Batch, recipe.Seed);
        trainer = new(model, optimizer, new(ScheduleKind.Constant, 3e-4, 1), data,
            new(recipe.Data.Accumulate, recipe.Optimizer.Clip, Checkpointing: recipe.Checkpointing));
        Case = new($"{model.Family.Name} {precision}", tokens, _ => trainer.Step());
    }

    public string Precision { get; }

    public BenchmarkCase Case { get; }

    /// <summary>What the machine multiplies at best, in this precision.</summary>
    public Peak Peak => Precision == "bfloat16" ? Peak.BFloat16 : Peak.Float32;

    /// <summary>Operations a token: six a parameter, two forward and four backward (Kaplan et al. 2020, arXiv:2001.08361).</summary>
    public double Work => 6.0 * model.Parameters;

    public static string[] Columns => ["MODEL", "PARAMETERS>", "PRODUCTS", "TOK/S>", "MIN … MAX>", "GFLOP/S>", "OF PEAK>", "MEMORY>"];

    public string[] Row(BenchmarkCase peak) =>
    [
        model.Family.Name, $"{model.Parameters:N0}", Precision, $"{Case.Rate.Median:N0}", $"{Case.Rate.Min:N0} … {Case.Rate.Max:N0}",
        $"{Work * Case.Rate.Median / 1e9:F1}", $"{100 * Case.RatioTo(peak, Work).Median:F0} %", Units.Bytes(memory.Use.Private),
    ];

    public JsonObject Json(BenchmarkCase peak) => new()
    {
        ["family"] = model.Family.Name, ["parameters"] = model.Parameters, ["precision"] = Precision,
        ["tok_s"] = Math.Round(Case.Rate.Median, 1), ["min"] = Math.Round(Case.Rate.Min, 1), ["max"] = Math.Round(Case.Rate.Max, 1),
        ["gflop_s"] = Math.Round(Work * Case.Rate.Median / 1e9, 2), ["multiply_share"] = Math.Round(Case.RatioTo(peak, Work).Median, 4),
        ["tokens"] = tokens, ["private_mib"] = memory.Use.Private >> 20, ["peak_mib"] = memory.Use.Resident >> 20,
    };

    public void Dispose()
    {
        memory.Dispose();
        trainer.Dispose();
        parameters.Dispose();
        model.Dispose();
        (on as IDisposable)?.Dispose();
    }
}
