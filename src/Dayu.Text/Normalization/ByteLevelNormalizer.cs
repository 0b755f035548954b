namespace Dayu.Text;

/// <summary>Writes each byte of the text's UTF-8 as its character in <see cref="ByteAlphabet"/>.</summary>
sealed class ByteLevelNormalizer : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text) => ByteAlphabet.Encode(text);
}
