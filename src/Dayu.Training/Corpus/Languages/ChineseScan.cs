namespace Dayu.Training;

/// <summary>
/// Goes through a text as training and model both do: characters in their simplified forms, pairs that follow one another, 0 for the
/// border of a run. A traditional character whose form is not known says nothing, nor do its pairs.
/// </summary>
ref struct ChineseScan(ReadOnlySpan<char> text, byte[] scripts, ushort[] forms)
{
    readonly ReadOnlySpan<char> text = text;
    int at;
    uint before;
    bool inForeign;

    /// <summary>The next character's number, or <see cref="Nothing"/>.</summary>
    public uint Character { get; private set; }

    /// <summary>The bucket of the pair that ends here, or −1.</summary>
    public int Pair { get; private set; }

    /// <summary>The mark of the next character's script.</summary>
    public byte Script { get; private set; }

    /// <summary>Goes on; false at the end.</summary>
    public bool Next()
    {
        if (at > text.Length) return false;
        (Character, Pair, Script) = (Nothing, -1, 0);
        var c = at < text.Length ? text[at] : '\0';
        at++;
        var letter = ChineseLetters.Of(c);
        if (letter >= ChineseLetters.Count)
        {
            Border(char.IsAsciiLetterOrDigit(c));
            return true;
        }
        inForeign = false;
        Script = scripts[letter];
        var form = forms[letter];
        if (Script == ChineseModel.Traditional && form == letter)
        {
            before = Nothing;
            return true;
        }
        Character = form;
        if (before != Nothing) Pair = ChineseLetters.Pair(before, form + 1u);
        before = form + 1u;
        return true;
    }

    void Border(bool foreign)
    {
        if (before is not (0 or Nothing)) Pair = ChineseLetters.Pair(before, 0);
        before = 0;
        if (foreign && !inForeign) Character = ChineseLetters.Foreign;
        inForeign = foreign;
    }

    /// <summary>No character.</summary>
    public const uint Nothing = uint.MaxValue;
}
