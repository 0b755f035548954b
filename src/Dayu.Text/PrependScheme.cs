namespace Dayu.Text;

/// <summary>Before which texts encoding adds a space, which decoding removes (SentencePiece's dummy prefix).</summary>
public enum PrependScheme
{
    /// <summary>None.</summary>
    Never,
    /// <summary>Only at the very beginning.</summary>
    First,
    /// <summary>Before every span of ordinary text: at the beginning, and after each added token.</summary>
    Always,
}
