using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Unicode;

namespace Dayu.Text;

/// <summary>
/// Counts the pre-tokens of texts, on several threads: each takes the next block of texts and counts into a table of its
/// own; the tables are added up at last. Memory grows with the different words, not with the text.
/// </summary>
/// <param name="preTokenization">What is done to a text before it is encoded.</param>
sealed class WordCounter(PreTokenization preTokenization)
{
    /// <summary>The words of all texts.</summary>
    /// <param name="blocks">Texts; a text that is no valid UTF-8 counts as with U+FFFD.</param>
    /// <param name="threads">The most threads to use.</param>
    /// <param name="counted">Told of every block's bytes; several threads may call at a time.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public WordTable Count(IEnumerable<Utf8Texts> blocks, int threads, Action<long>? counted, CancellationToken cancel)
    {
        var idle = new ConcurrentBag<WordTable>();
        try
        {
            Parallel.ForEach(Partitioner.Create(blocks, EnumerablePartitionerOptions.NoBuffering),
                new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, block =>
                {
                    if (!idle.TryTake(out var table)) table = new();
                    long bytes = 0;
                    for (int i = 0; i < block.Count; i++)
                    {
                        Count(block.Utf8(i), table);
                        bytes += block.Utf8(i).Length;
                    }
                    idle.Add(table);
                    counted?.Invoke(bytes);
                });
        }
        catch (AggregateException errors) { ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]); }
        WordTable[] tables = [.. idle.OrderByDescending(t => t.Count)];
        if (tables.Length == 0) return new();
        foreach (var other in tables.AsSpan(1)) tables[0].Add(other);
        return tables[0];
    }

    void Count(ReadOnlySpan<byte> utf8, WordTable table)
    {
        bool isPlain = preTokenization is { Normalizer: null, PreTokenizer: null };
        if (isPlain && Utf8.IsValid(utf8))
        {
            Split(utf8, table);
            return;
        }
        ReadOnlySpan<char> text = Encoding.UTF8.GetString(utf8);
        if (preTokenization.Normalizer is { } normalizer) text = normalizer.Normalize(text);
        if (text.IsEmpty) return;
        if (preTokenization.PreTokenizer is { } pre) pre.PreTokenize(text, first: true, (word, _) => Split(Bytes(word), table));
        else Split(Bytes(text), table);
    }

    void Split(ReadOnlySpan<byte> utf8, WordTable table)
    {
        var splitter = preTokenization.Splitter;
        for (int start = 0, end; start < utf8.Length; start = end)
        {
            end = splitter.Next(utf8, start);
            table.Add(utf8[start..end]);
        }
    }

    static byte[] Bytes(ReadOnlySpan<char> text)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        return utf8;
    }
}
