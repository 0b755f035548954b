using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>Windows of a long text, each beginning anywhere, as nanoGPT reads: the next token of every position is its target.</summary>
/// <param name="ids">The text.</param>
/// <param name="length">Tokens of a window.</param>
/// <param name="windows">Windows of a batch.</param>
/// <param name="seed">Same seed, same windows.</param>
/// <exception cref="ArgumentException">The text is no longer than a window.</exception>
public sealed class RandomWindows(int[] ids, int length, int windows, ulong seed) : IBatchSource
{
    readonly int[] ids = ids.Length > length ? ids
        : throw new ArgumentException($"the text has {ids.Length} tokens, a window {length}; one more is needed than a window has");

    /// <inheritdoc/>
    public Batch At(long number)
    {
        var (read, next) = (new int[length * windows], new int[length * windows]);
        for (var w = 0; w < windows; w++)
        {
            var start = (int)(CounterRng.Mix(seed, (ulong)(number * windows + w)) % (ulong)(ids.Length - length));
            ids.AsSpan(start, length).CopyTo(read.AsSpan(w * length));
            ids.AsSpan(start + 1, length).CopyTo(next.AsSpan(w * length));
        }
        return new(read, [.. Enumerable.Range(0, windows + 1).Select(w => w * length)], next);
    }
}
