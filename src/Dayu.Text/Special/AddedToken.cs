namespace Dayu.Text;

/// <summary>A token that is matched as a whole, before anything else is done to the text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">How it is written; at most <see cref="MaxLength"/> characters.</param>
/// <param name="Control">
/// Whether it is a control token: matched only when special tokens are parsed, left out when they are skipped. Others
/// are ordinary text that has an id of its own.
/// </param>
/// <param name="LStrip">Whether the white space before it belongs to the match.</param>
/// <param name="RStrip">Whether the white space after it belongs to the match.</param>
/// <param name="SingleWord">
/// Whether it is not matched inside a word: no letter, digit or underscore may stand next to it.
/// </param>
/// <param name="Normalized">
/// Whether it is normalized, and matched in normalized text; others are matched before normalization.
/// </param>
public sealed record AddedToken(
    int Id, string Text, bool Control = true,
    bool LStrip = false, bool RStrip = false, bool SingleWord = false, bool Normalized = false)
{
    /// <summary>The longest text that an added token may have: it bounds the work at each position of a text.</summary>
    public const int MaxLength = 512;
}
