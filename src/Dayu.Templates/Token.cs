namespace Dayu.Templates;

enum TokenKind { Data, PrintBegin, PrintEnd, TagBegin, TagEnd, Name, String, Integer, Float, Operator, End }

/// <summary>A piece of a template. <paramref name="Text"/> is a string literal's value, not its spelling.</summary>
readonly record struct Token(TokenKind Kind, string Text, Mark At)
{
    public bool Is(TokenKind kind, string text) => Kind == kind && Text == text;

    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end of the template",
        TokenKind.TagEnd => "'%}'",
        TokenKind.PrintEnd => "'}}'",
        TokenKind.String => "a string",
        _ => $"'{(Text.Length <= 40 ? Text : Text[..40] + "…")}'",
    };
}
