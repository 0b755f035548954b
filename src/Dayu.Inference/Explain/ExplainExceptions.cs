namespace Dayu.Inference;

/// <summary>A text without a single token: there is nothing to look at.</summary>
public sealed class EmptyTextException() : ArgumentException("the text is empty: there is nothing to look at; give some text");

/// <summary>A text that is longer than what is kept of it. Nothing is left out silently.</summary>
/// <param name="tokens">Its tokens.</param>
/// <param name="most">Tokens that are read at most.</param>
public sealed class TextTooLongException(int tokens, int most)
    : ArgumentException($"the text is {tokens} tokens, at most {most} are read; give a shorter one")
{
    /// <summary>Tokens of the text.</summary>
    public int Tokens => tokens;

    /// <summary>Tokens that are read at most.</summary>
    public int Most => most;
}

/// <summary>A text most of which the model's tokenizer has no tokens for: the model would read next to nothing of it.</summary>
/// <param name="unknown">How many of its pieces are the unknown token.</param>
/// <param name="pieces">Its pieces.</param>
public sealed class UnknownTextException(int unknown, int pieces)
    : ArgumentException($"the tokenizer does not know this text: {unknown} of its {pieces} pieces are the unknown token; "
        + "give a text in a language that the model was trained on, or another model")
{
    /// <summary>How many of its pieces are the unknown token: more than half.</summary>
    public int Unknown => unknown;

    /// <summary>Its pieces, control tokens around it not counted.</summary>
    public int Pieces => pieces;

    /// <summary>Checks a text.</summary>
    internal static void ThrowIf(TextSpans pieces)
    {
        var (unknown, known) = (Count(TextSpanKind.Unknown), Count(TextSpanKind.Text));
        if (unknown > known) throw new UnknownTextException(unknown, unknown + known);

        int Count(TextSpanKind kind) => pieces.All.Count(p => p.Kind == kind);
    }
}

/// <summary>A word that a text does not have, or not so often.</summary>
/// <param name="word">The word.</param>
/// <param name="occurrence">Which occurrence was asked for, from 1; 0: any.</param>
/// <param name="found">How often the text has it as a stretch of whole tokens.</param>
/// <param name="pieces">What the text is made of.</param>
public sealed class WordNotFoundException(string word, int occurrence, int found, IReadOnlyList<string> pieces)
    : ArgumentException(found > 0
        ? $"'{word}' comes {found} times in the text, not {occurrence}"
        : $"'{word}' is not a stretch of whole tokens of the text; the tokens are: {string.Join(' ', pieces)}")
{
    /// <summary>The word.</summary>
    public string Word => word;

    /// <summary>Which occurrence was asked for, from 1; 0: any.</summary>
    public int Occurrence => occurrence;

    /// <summary>How often the text has it.</summary>
    public int Found => found;

    /// <summary>What the text is made of.</summary>
    public IReadOnlyList<string> Pieces => pieces;
}

/// <summary>A head of attention that a model does not have.</summary>
/// <param name="layer">The layer asked for.</param>
/// <param name="head">The head asked for.</param>
/// <param name="lastLayer">The last there is; the first is 0.</param>
/// <param name="lastHead">The last head of a layer; the first is 0.</param>
public sealed class HeadNotFoundException(int layer, int head, int lastLayer, int lastHead) : ArgumentException(
    $"there is no head {head} in layer {layer}: layers count from 0 to {lastLayer}, heads from 0 to {lastHead}")
{
    /// <summary>The layer asked for.</summary>
    public int Layer => layer;

    /// <summary>The head asked for.</summary>
    public int Head => head;

    /// <summary>The last layer there is.</summary>
    public int LastLayer => lastLayer;

    /// <summary>The last head of a layer.</summary>
    public int LastHead => lastHead;
}
