namespace Dayu.Text;

/// <summary>Before which texts encoding puts a space, which decoding takes away again (SentencePiece's dummy prefix).</summary>
public enum PrependScheme
{
    /// <summary>None.</summary>
    Never,
    /// <summary>Only before one at the very beginning.</summary>
    First,
    /// <summary>Before every stretch of ordinary text: at the beginning, and behind each added token.</summary>
    Always,
}
