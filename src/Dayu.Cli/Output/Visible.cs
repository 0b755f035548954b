namespace Dayu.Cli;

/// <summary>Text out of models and files cannot command a terminal: control characters are shown as their pictures (ESC as ␛), except line ends and tabs.</summary>
static class Visible
{
    public static string Of(string text)
    {
        var at = 0;
        while (at < text.Length && !Commands(text[at])) at++;
        return at == text.Length ? text : string.Create(text.Length, text, (to, from) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = Commands(from[i]) ? Picture(from[i]) : from[i];
        });
    }

    /// <summary>On one line: line ends and tabs are pictures too.</summary>
    public static string OneLine(string text) => string.Concat(Of(text).Select(c => c < ' ' ? Picture(c) : c));

    static bool Commands(char c) => char.IsControl(c) && c is not ('\n' or '\t' or '\r');

    static char Picture(char c) => c < ' ' ? (char)(0x2400 + c) : c == 0x7F ? '\u2421' : '\uFFFD';
}
