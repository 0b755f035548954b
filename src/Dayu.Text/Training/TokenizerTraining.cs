namespace Dayu.Text;

/// <summary>Algorithms that learn a vocabulary.</summary>
public enum TokenizerKind
{
    /// <summary>Byte-level BPE (GPT-2, Llama 3, Qwen): any text has ids.</summary>
    Bpe,
    /// <summary>WordPiece (BERT): words in lower case, continued by <c>##</c>; a word with an unknown character is unknown.</summary>
    WordPiece,
    /// <summary>The unigram language model (SentencePiece, T5).</summary>
    Unigram,
}

/// <summary>How byte-level BPE cuts a text into pre-tokens, which no token crosses.</summary>
public enum SplitPattern
{
    /// <summary>GPT-2's.</summary>
    Gpt2,
    /// <summary>Llama 3's, and OpenAI's cl100k.</summary>
    Llama3,
    /// <summary>OpenAI's o200k: words are also cut where a capital letter follows a small one.</summary>
    O200k,
}

/// <summary>How many digits may share a token.</summary>
public enum DigitGroups
{
    /// <summary>As the pattern says: GPT-2 any number, Llama 3 and o200k three.</summary>
    Pattern,
    /// <summary>Each digit is a pre-token.</summary>
    Each,
    /// <summary>At most three, from the left.</summary>
    Three,
}

/// <summary>Unicode forms that a text is brought into first.</summary>
public enum UnicodeForm
{
    /// <summary>Left as it is: decoding restores every byte.</summary>
    None,
    /// <summary>Canonical composition.</summary>
    Nfc,
    /// <summary>Compatibility composition: ﬁ becomes fi, Ａ becomes A.</summary>
    Nfkc,
}

/// <summary>What a tokenizer is to be like.</summary>
public sealed record TokenizerTraining
{
    /// <summary>The algorithm.</summary>
    public TokenizerKind Kind { get; init; }

    /// <summary>How many ids there are to be, control tokens among them.</summary>
    public int VocabularySize { get; init; } = 8192;

    /// <summary>How often a pair of symbols must occur to be merged.</summary>
    public long MinFrequency { get; init; } = 2;

    /// <summary>Where byte-level BPE cuts.</summary>
    public SplitPattern Pattern { get; init; } = SplitPattern.Llama3;

    /// <summary>How many digits may share a token.</summary>
    public DigitGroups Digits { get; init; }

    /// <summary>Whether each Chinese character is a pre-token, so that none of them share a token.</summary>
    public bool HanAlone { get; init; }

    /// <summary>What is done to text first. Null for the kind's own: none for BPE, BERT's for WordPiece, NFKC for unigram.</summary>
    public UnicodeForm? Form { get; init; }

    /// <summary>
    /// How much of the text WordPiece and unigram must have characters for (0 to 1); the rarest of the rest are unknown.
    /// (SentencePiece's <c>character_coverage</c>.)
    /// </summary>
    public double Coverage { get; init; } = 0.9995;

    /// <summary>Tokens that no text contains by itself, in the order of their ids, which begin at 0.</summary>
    public IReadOnlyList<string> Control { get; init; } = ControlTokens.Default;

    /// <summary>The most threads to use; 0 for as many as the machine has processors. No result depends on it.</summary>
    public int Threads { get; init; }
}
