using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Dayu.Text;

/// <summary>
/// Splits text into pre-tokens, within which tokens are formed. Each splitter is written by hand for what a regular
/// expression specifies, and reads a text once. Letters, digits and spaces are Unicode's <c>\p{L}</c>, <c>\p{N}</c> and
/// <c>\s</c> over code points, including those beyond U+FFFF.
/// </summary>
abstract class Splitter
{
    /// <summary>The end of the pre-token that begins at <paramref name="start"/>.</summary>
    /// <param name="utf8">Valid UTF-8.</param>
    /// <param name="start">0, or the end of the pre-token before; less than the length of the text.</param>
    public abstract int Next(ReadOnlySpan<byte> utf8, int start);

    /// <summary>
    /// The first place at or after <paramref name="from"/> where a text may be split in two that have the same
    /// pre-tokens apart as together; the text's length if there is none. A letter ends a pre-token where white space, a
    /// comma or a full stop follows: no pattern here looks further.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="from">1 or more.</param>
    public virtual int SafeSplit(ReadOnlySpan<char> text, int from)
    {
        for (int at = from; at < text.Length; at++)
        {
            int skip = text[at..].IndexOfAny(afterWord);
            if (skip < 0) break;
            at += skip;
            if (char.IsLetter(text[at - 1])) return at;
        }
        return text.Length;
    }

    static readonly SearchValues<char> afterWord = SearchValues.Create(" \n,.，。、");

    static readonly Splitter gpt2 = new Gpt2Splitter(), smolLm = new SmolLmSplitter();
    static readonly Splitter llama3 = new Llama3Splitter(digits: 3), qwen2 = new Llama3Splitter(digits: 1);
    static readonly Splitter o200k = new O200kSplitter(digits: 3, contractions: true);
    static readonly Splitter o200kDigits = new O200kSplitter(digits: 1, contractions: true);
    static readonly Splitter tekken = new O200kSplitter(digits: 1, contractions: false);

    /// <summary>The regular expressions of <c>Split</c> pre-tokenizers in tokenizer.json files.</summary>
    static readonly Dictionary<string, Splitter> byPattern = new(StringComparer.Ordinal)
    {
        [Gpt2Splitter.Pattern] = gpt2,
        [Llama3Splitter.Pattern(3)] = llama3,
        [Llama3Splitter.Pattern(1)] = qwen2,
        [Cl100k] = llama3,
        [O200kSplitter.Pattern(3, contractions: true)] = o200k,
        [O200kSplitter.Pattern(1, contractions: true)] = o200kDigits,
        [O200kSplitter.Pattern(1, contractions: false)] = tekken,
    };

    /// <summary>How files converted from OpenAI's write cl100k: the same pre-tokens as Llama 3's.</summary>
    const string Cl100k =
        @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+";

    /// <summary>Llama 3's, and OpenAI's cl100k.</summary>
    public static Splitter Llama3 => llama3;

    /// <summary>Qwen's.</summary>
    public static Splitter Qwen2 => qwen2;

    /// <summary>OpenAI's o200k.</summary>
    public static Splitter O200k => o200k;

    /// <summary>GPT-2's.</summary>
    public static Splitter Gpt2 => gpt2;

    /// <summary>SmolLM's: GPT-2's with every digit by itself.</summary>
    public static Splitter SmolLm => smolLm;

    /// <summary>That of Mistral's Tekken.</summary>
    public static Splitter Tekken => tekken;

    /// <summary>The splitter that a regular expression specifies.</summary>
    public static bool TryPattern(string regex, [NotNullWhen(true)] out Splitter? splitter) =>
        byPattern.TryGetValue(regex, out splitter);
}
