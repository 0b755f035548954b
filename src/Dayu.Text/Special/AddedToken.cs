namespace Dayu.Text;

/// <summary>A token that is found in a text as a whole, before anything else is done to the text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">How it is written; at most <see cref="MaxLength"/> characters.</param>
/// <param name="Control">A control token: found only when special tokens are parsed, left out when they are skipped. Others are ordinary text that has an id of its own.</param>
/// <param name="LStrip">Takes the white space before it along.</param>
/// <param name="RStrip">Takes the white space after it along.</param>
/// <param name="SingleWord">Not found inside a word: no letter, digit or underscore may stand next to it.</param>
/// <param name="Normalized">Found in normalised text, as it is written once normalised; others are found before.</param>
public sealed record AddedToken(int Id, string Text, bool Control = true, bool LStrip = false, bool RStrip = false, bool SingleWord = false, bool Normalized = false)
{
    /// <summary>The longest text that an added token may have: it bounds the work at each position of a text.</summary>
    public const int MaxLength = 512;
}
