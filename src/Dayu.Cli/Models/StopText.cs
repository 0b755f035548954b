using System.Text;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// A text that ends an answer, as a shell can pass it: <c>\n</c>, <c>\t</c>, <c>\r</c> and <c>\\</c> stand for a line end, a tab, a
/// carriage return and a backslash. What was taken is said.
/// </summary>
static class StopText
{
    /// <summary>The text that is meant.</summary>
    public static string Of(string said, CommandContext call)
    {
        if (said.Length == 0) throw new CliError(2062);
        var text = new StringBuilder();
        for (var i = 0; i < said.Length; i++)
            if (said[i] == '\\' && i + 1 < said.Length && Meant(said[i + 1]) is { } meant)
            {
                text.Append(meant);
                i++;
            }
            else text.Append(said[i]);
        if (text.Length < said.Length) call.Out.Note(call.Say.Text("stop.taken", said, Visible.OneLine(text.ToString())));
        return text.ToString();
    }

    static char? Meant(char escaped) => escaped switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '\\' => '\\', _ => null };
}
