using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>One line of a terminal that is drawn again and again, and wiped at last.</summary>
/// <param name="terminal">Where it stands.</param>
sealed class StatusLine(Terminal terminal)
{
    bool drawn;

    /// <summary>Puts a text in place of the one before; what the line has no room for is left out.</summary>
    public void Draw(string text)
    {
        var columns = terminal.Width() - 1;
        if (CellWidth.Of(text) > columns) text = text[..Math.Min(text.Length, columns / 2)];
        terminal.Error.Write($"\r{Visible.OneLine(text)}\e[K");
        drawn = true;
    }

    /// <summary>Wipes it.</summary>
    public void Wipe()
    {
        if (drawn) terminal.Error.Write("\r\e[K");
        drawn = false;
    }
}
