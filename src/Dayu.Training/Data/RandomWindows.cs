using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// Windows of texts, each beginning anywhere, as nanoGPT reads: the next token of every position is its target. A window over the end
/// of a document is a sequence for each that it touches: nothing is seen across.
/// </summary>
/// <param name="texts">The texts.</param>
/// <param name="length">Tokens of a window.</param>
/// <param name="windows">Windows of a batch.</param>
/// <param name="seed">Same seed, same windows.</param>
/// <exception cref="ArgumentException">The texts are no longer than a window.</exception>
public sealed class RandomWindows(Documents texts, int length, int windows, ulong seed) : IBatchSource
{
    readonly Documents texts = texts.Tokens > length ? texts
        : throw new ArgumentException($"the text has {texts.Tokens} tokens, a window {length}; one more is needed than a window has");

    /// <summary>Windows of one text.</summary>
    /// <inheritdoc cref="RandomWindows(Documents, int, int, ulong)"/>
    public RandomWindows(int[] ids, int length, int windows, ulong seed) : this(new MemoryDocuments(ids), length, windows, seed) { }

    /// <inheritdoc/>
    public Batch At(long number)
    {
        var batch = new BatchBuilder();
        for (var w = 0; w < windows; w++)
        {
            var start = (long)(CounterRng.Mix(seed, (ulong)(number * windows + w)) % (ulong)(texts.Tokens - length));
            batch.Add(texts, start, length);
        }
        return batch.Made();
    }
}
