using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>What formats' tests read of a mapped tensor.</summary>
public static class Decoded
{
    public static unsafe ReadOnlySpan<byte> Data(this TensorEntry e) => new((void*)e.Address, checked((int)e.Bytes));

    public static float[] Values(this TensorEntry e, long start, long count)
    {
        var x = new float[count];
        e.DType.Decode(e.Data().Slice((int)e.DType.BytesFor(start), (int)e.DType.BytesFor(count)), x);
        return x;
    }

    /// <summary>A file that is gone after the test.</summary>
    public sealed class Scratch : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"dayu-{Guid.NewGuid():n}");

        public void Dispose() => File.Delete(Path);
    }
}
