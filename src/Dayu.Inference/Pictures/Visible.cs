namespace Dayu.Inference;

/// <summary>
/// Makes text out of models and files safe to show: control characters, which could command a terminal,
/// become their pictures (ESC becomes ␛).
/// </summary>
public static class Visible
{
    /// <summary>Replaces control characters, except line ends and tabs.</summary>
    public static string Of(string text)
    {
        var at = 0;
        while (at < text.Length && !Commands(text[at])) at++;
        return at == text.Length ? text : string.Create(text.Length, text, (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = Commands(from[i]) ? Picture(from[i]) : from[i];
        });
    }

    /// <summary>Replaces line ends and tabs, too, so that the text stays on one line.</summary>
    public static string OneLine(string text) => string.Concat(Of(text).Select(c => c < ' ' ? Picture(c) : c));

    static bool Commands(char c) => char.IsControl(c) && c is not ('\n' or '\t' or '\r');

    static char Picture(char c) => c < ' ' ? (char)(0x2400 + c) : c == 0x7F ? '\u2421' : '\uFFFD';
}
