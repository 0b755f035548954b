using Dayu.Training;

namespace Dayu.Cli;

/// <summary>The sources that were opened last: trainings of a sweep that read the same have them once.</summary>
/// <param name="call">Who trains.</param>
/// <param name="origin">What recipes have their names from.</param>
sealed class SourcesAtHand(CommandContext call, string origin) : IDisposable
{
    (DataRecipe Data, TrainingSources Opened)? last;

    /// <summary>The sources of a recipe; those of the last one are closed where it has others.</summary>
    public TrainingSources Of(DataRecipe data)
    {
        if (last is { } known && known.Data.Kind == data.Kind && known.Data.Sources.SequenceEqual(data.Sources)) return known.Opened;
        Dispose();
        var opened = RunTexts.Open(call, data, origin);
        last = (data, opened);
        return opened;
    }

    /// <summary>Closes them.</summary>
    public void Dispose()
    {
        last?.Opened.Dispose();
        last = null;
    }
}
