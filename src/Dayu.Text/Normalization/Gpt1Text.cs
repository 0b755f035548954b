using System.Text.RegularExpressions;

namespace Dayu.Text;

/// <summary>
/// GPT-1's clean-up of text: plain quotes, dashes and dots; spaces around punctuation; line ends stand by themselves,
/// other white space becomes one space. (Radford et al. 2018; <c>text_utils.py</c> of openai/finetune-transformer-lm.
/// It runs ftfy first, of which NFC and plain quotes are done here.)
/// </summary>
sealed partial class Gpt1Text : Normalizer
{
    static readonly (char From, string To)[] plain =
    [
        ('‘', "'"), ('’', "'"), ('´', "'"), ('“', "\""), ('”', "\""),
        ('—', "-"), ('–', "-"), ('―', "-"),
        ('…', "..."),
    ];

    public override ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        string clean = NormalForm.C.Normalize(text).ToString();
        foreach (var (from, to) in plain) clean = clean.Replace($"{from}", to, StringComparison.Ordinal);
        clean = Punctuation().Replace(clean, " $0 ");
        clean = LineEnds().Replace(Spaces().Replace(clean, " "), " \n ");       // in this order neither takes quadratic time
        return clean.Trim();
    }

    [GeneratedRegex("""-+|~+|!+|"+|;+|\?+|\++|,+|\)+|\(+|\\+|/+|\*+|\[+|\]+|\}+|\{+|\|+|_+""", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"[^\S\n]+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    [GeneratedRegex(@" ?\n\s*", RegexOptions.CultureInvariant)]
    private static partial Regex LineEnds();
}
