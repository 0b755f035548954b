namespace Dayu.Text;

/// <summary>One normalizer after another.</summary>
sealed class NormalizerSequence(IReadOnlyList<Normalizer> steps) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        int length = text.Length;
        foreach (var step in steps)
        {
            text = step.Normalize(text);
            CheckGrowth(length, text.Length);
        }
        return text;
    }
}
