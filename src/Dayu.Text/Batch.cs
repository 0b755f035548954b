using System.Runtime.ExceptionServices;

namespace Dayu.Text;

/// <summary>
/// A parallel loop that throws the exception that a sequential one would throw, not an
/// <see cref="AggregateException"/>.
/// </summary>
static class Batch
{
    /// <summary>Texts of more characters are worth several threads.</summary>
    public const int LongText = 1 << 18;

    /// <summary>Runs <paramref name="body"/> for 0 to <paramref name="count"/>, exclusive, in any order.</summary>
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
