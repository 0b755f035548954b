namespace Dayu.Tests;

/// <summary>A clock that does something when it has been asked so often: a person's Ctrl-C at a place that is known.</summary>
sealed class StoppingClock(Action stop, int after) : TimeProvider
{
    int asked;

    public override long GetTimestamp()
    {
        if (++asked == after) stop();
        return base.GetTimestamp();
    }
}
