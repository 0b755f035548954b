namespace Dayu.Text;

/// <summary>A tokenizer that was learned, and how well it does.</summary>
public sealed class TrainedTokenizer
{
    readonly PreTokenization preTokenization;

    internal TrainedTokenizer(byte[] json, Tokenizer tokenizer, PreTokenization preTokenization, WordTable words)
    {
        (Json, Tokenizer, this.preTokenization, Words) = (json, tokenizer, preTokenization, words);
    }

    /// <summary>The file: Hugging Face's tokenizer.json, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>
    /// The file that lies beside it, tokenizer_config.json: which of its tokens ends a text, and which fills up. Empty where it has
    /// neither.
    /// </summary>
    public ReadOnlyMemory<byte> Config => ControlTokens.ConfigOf(Tokenizer.Special);

    /// <summary>The same, as it is read from that file.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>How many merges there are; 0 for kinds without merges.</summary>
    public int Merges { get; internal init; }

    /// <summary>Bytes that were learned from.</summary>
    public long Bytes { get; internal init; }

    /// <summary>How many different words they have.</summary>
    public int DifferentWords => Words.Count;

    /// <summary>How long counting took, and how long learning.</summary>
    public TimeSpan Counting { get; internal init; }

    /// <inheritdoc cref="Counting"/>
    public TimeSpan Learning { get; internal init; }

    internal WordTable Words { get; }

    /// <summary>How many tokens the texts are that were learned from.</summary>
    /// <param name="threads">The most threads to use; 0 for as many as the machine has processors.</param>
    public TokenUse Measure(int threads = 0) => TokenUse.Of(Tokenizer, Words, threads);

    /// <summary>How many tokens other texts are.</summary>
    /// <param name="blocks">Texts.</param>
    /// <param name="threads">The most threads to use; 0 for as many as the machine has processors.</param>
    /// <param name="cancel">Stops it.</param>
    public TokenUse Measure(IEnumerable<Utf8Texts> blocks, int threads = 0, CancellationToken cancel = default)
    {
        int most = threads > 0 ? threads : Environment.ProcessorCount;
        return TokenUse.Of(Tokenizer, new WordCounter(preTokenization).Count(blocks, most, null, cancel), most);
    }

    /// <summary>The ids of the longest tokens, by bytes, then by id; control tokens are none.</summary>
    public IReadOnlyList<int> Longest(int count) =>
        [
            .. Enumerable.Range(0, Tokenizer.VocabularySize).Where(id => !Tokenizer.Special.IsAdded(id))
                .OrderByDescending(id => Tokenizer.BytesOf(id).Length).ThenBy(id => id).Take(count),
        ];
}
