namespace Dayu.Training;

/// <summary>
/// What is looked at of a text: all of a short one, evenly spaced pieces of a long one, so that the time does not grow with it. Pieces
/// begin and end where words do.
/// </summary>
static class Excerpt
{
    const int Pieces = 8, Length = 512, Slack = 32;

    /// <summary>How many pieces a text has.</summary>
    public static int Count(string text) => text.Length <= Pieces * Length ? 1 : Pieces;

    /// <summary>Piece i, at most 512 characters of a long text.</summary>
    public static ReadOnlySpan<char> Piece(string text, int i)
    {
        if (Count(text) == 1) return text;
        var start = (int)((long)i * (text.Length - Length) / (Pieces - 1));
        var piece = text.AsSpan(start, Length);
        if (i > 0) piece = piece[WordEnd(piece)..];
        return i == Pieces - 1 ? piece : piece[..WordStart(piece)];
    }

    static int WordEnd(ReadOnlySpan<char> piece)
    {
        var at = piece[..Slack].IndexOfAnyExcept(Letters);
        return Math.Max(at, 0);
    }

    static int WordStart(ReadOnlySpan<char> piece)
    {
        var at = piece[^Slack..].LastIndexOfAnyExcept(Letters);
        return at < 0 ? piece.Length : piece.Length - Slack + at + 1;
    }

    static System.Buffers.SearchValues<char> Letters { get; } = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿß");
}
