using Dayu.Hub;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>A model in memory and what it computes with.</summary>
sealed class Loaded : IDisposable
{
    Loaded(Backend on, Pretrained model, ModelPlace place, TimeSpan time) => (On, Model, Place, Time) = (on, model, place, time);

    public Backend On { get; }

    public Pretrained Model { get; }

    public ModelPlace Place { get; }

    /// <summary>For those who evaluate it.</summary>
    public Predictor Predictor => new(Model);

    /// <summary>For people.</summary>
    public string Name => Place.Name;

    /// <summary>How long loading took.</summary>
    public TimeSpan Time { get; }

    /// <summary>Opens a model to compute with it.</summary>
    public static Loaded Open(CommandContext call, ModelPlace place, string? tokenizer, int threads, bool exact, string? cpuPath = null)
    {
        using var progress = new Progress(call, call.Say["loading"], "bytes") { Show = Units.Bytes };
        return Open(call, place, Device.Open(threads, exact, cpuPath),
            on => Pretrained.Open(place.Path, on, tokenizer, progress.Report, place.Adapter));
    }

    /// <summary>Opens a model to look at it: its weights are made ready when they are used.</summary>
    public static Loaded Map(CommandContext call, ModelPlace place, string? tokenizer, int threads, bool exact) =>
        Open(call, place, Device.Open(threads, exact), on => Pretrained.Map(place.Path, on, tokenizer, place.Adapter));

    static Loaded Open(CommandContext call, ModelPlace place, Backend on, Func<Backend, Pretrained> open)
    {
        var start = call.Terminal.Clock.GetTimestamp();
        try
        {
            var loaded = new Loaded(on, open(on), place, call.Terminal.Clock.GetElapsedTime(start));
            call.Warn(loaded.Model.Text.Warnings);
            return loaded;
        }
        catch
        {
            (on as IDisposable)?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Model.Dispose();
        (On as IDisposable)?.Dispose();
    }
}
