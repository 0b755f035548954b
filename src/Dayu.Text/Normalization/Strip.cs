namespace Dayu.Text;

/// <summary>Removes white space from the beginning, the end, or both.</summary>
sealed class Strip(bool left, bool right) : Normalizer
{
    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (left) text = text.TrimStart();
        return right ? text.TrimEnd() : text;
    }
}
