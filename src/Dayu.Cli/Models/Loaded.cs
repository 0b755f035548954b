using Dayu.Hub;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>A model in memory and what it computes with.</summary>
sealed class Loaded : IDisposable
{
    Loaded(Backend on, TextModel model, string path, TimeSpan time) => (On, Model, Path, Time) = (on, model, path, time);

    public Backend On { get; }

    public TextModel Model { get; }

    public string Path { get; }

    /// <summary>For those who evaluate it.</summary>
    public Predictor Predictor => new(Model.Net, On, Model.Tokenizer);

    /// <summary>For people.</summary>
    public string Name => Directory.Exists(Path)
        ? System.IO.Path.GetFileName(Path.TrimEnd('/', '\\')) : System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>How long loading took.</summary>
    public TimeSpan Time { get; }

    public static Loaded Open(CommandContext call, string path, string? tokenizer, int threads, bool exact, string? cpuPath = null)
    {
        var start = call.Terminal.Clock.GetTimestamp();
        var on = Device.Open(threads, exact, cpuPath);
        try
        {
            using var progress = new Progress(call, call.Say["loading"], "bytes") { Show = Units.Bytes };
            return new(on, TextModel.Open(path, on, tokenizer, progress.Report), path, call.Terminal.Clock.GetElapsedTime(start));
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
