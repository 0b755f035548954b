using System.Runtime.ExceptionServices;

namespace Dayu.Text;

/// <summary>Work on several threads that fails as it would on one.</summary>
static class Batch
{
    /// <summary>A text of more characters is worth more than one thread.</summary>
    public const int LongText = 1 << 18;

    /// <summary>Does <paramref name="body"/> for 0 to <paramref name="count"/>, exclusive, in any order.</summary>
    public static void For(int count, int threads, Action<int> body)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, body);
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }
}
