using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dayu.Text;

/// <summary>What a trainer is doing.</summary>
public enum TrainingStage
{
    /// <summary>Counts words; progress is in bytes of text.</summary>
    Count,
    /// <summary>Learns tokens; progress is in tokens.</summary>
    Learn,
}

/// <summary>Learns tokenizers from texts.</summary>
public static class TokenizerTrainer
{
    static readonly JsonSerializerOptions legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Learns a tokenizer. The same texts and options give the same tokenizer, whatever the number of threads and however
    /// texts are divided into blocks.
    /// </summary>
    /// <param name="blocks">Texts, read as they are asked for. No token crosses the end of one.</param>
    /// <param name="options">What it is to be like.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="progress">Told how far a stage is; several threads may call at a time.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="VocabularyTooSmallException">The bytes or characters of the texts do not fit in.</exception>
    /// <exception cref="TokenizerException">There is no text, or too much of it that differs.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static TrainedTokenizer Train(
        IEnumerable<Utf8Texts> blocks, TokenizerTraining options, TimeProvider clock,
        Action<TrainingStage, long>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        long start = clock.GetTimestamp(), bytes = 0;
        var frame = TokenizerFrame.Of(options);
        var preTokenization = TokenizerFrame.PreTokenization(frame, options.Kind);
        var words = new WordCounter(preTokenization).Count(blocks, ThreadsOf(options), Counted, cancel);
        if (words.Count == 0)
            throw new TokenizerException("There is no text to learn from: the files are empty. Name files that have text.");
        var counting = clock.GetElapsedTime(start);
        var learned = Learn(words, options, n => progress?.Invoke(TrainingStage.Learn, n), cancel);
        frame["model"] = learned.Model;
        byte[] json = Encoding.UTF8.GetBytes(frame.ToJsonString(legible) + "\n");
        return new(json, Tokenizers.FromJson(json), preTokenization, words)
        {
            Merges = learned.Merges,
            Bytes = bytes,
            Counting = counting,
            Learning = clock.GetElapsedTime(start) - counting,
        };

        void Counted(long more) => progress?.Invoke(TrainingStage.Count, Interlocked.Add(ref bytes, more));
    }

    /// <summary>The same from strings.</summary>
    public static TrainedTokenizer Train(IEnumerable<string> texts, TokenizerTraining options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Train(texts.Chunk(1 << 10).Select(chunk => Utf8Texts.Of(chunk)), options, clock);
    }

    /// <summary>As many threads as are asked for.</summary>
    internal static int ThreadsOf(TokenizerTraining options) => options.Threads > 0 ? options.Threads : Environment.ProcessorCount;

    static LearnedModel Learn(WordTable words, TokenizerTraining options, Action<int> learned, CancellationToken cancel) =>
        options.Kind switch
        {
            TokenizerKind.WordPiece => WordPieceTrainer.Learn(words, options, learned, cancel),
            TokenizerKind.Unigram => UnigramTrainer.Learn(words, options, learned, cancel),
            _ => ByteLevelBpeTrainer.Learn(words, options, learned, cancel),
        };
}
