using System.Text;

namespace Dayu.Cli;

/// <summary>
/// Reads what is said, line by line, and has it answered. At a terminal mistakes are told and the talk goes on; through a pipe the
/// first one ends it.
/// </summary>
/// <param name="call">Who talks.</param>
/// <param name="chat">The conversation.</param>
/// <param name="editor">At a terminal that can be drawn on.</param>
sealed class Repl(CommandContext call, Chat chat, LineEditor? editor)
{
    const string Quotes = "\"\"\"";

    readonly bool interactive = call.Terminal.In.IsTty;
    readonly SlashCommands commands = new(call, chat);

    public int Run()
    {
        if (interactive) call.Out.Note(call.Say.Text("chat.hello", chat.ModelName));
        while (!commands.Ended && !call.Cancel.IsCancellationRequested && Message() is { } said)
        {
            if (said.Trim().Length == 0) continue;
            try
            {
                if (said.StartsWith('/')) commands.Do(said.Trim());
                else chat.Say(said);
            }
            catch (Exception e) when (interactive && e is not ReaderGoneException)
            {
                CliErrors.Of(e, call.Terminal).Tell(e, call.Terminal, call.Say, call.Color, call.Detailed);
            }
            if (interactive) call.Terminal.Interrupts.Forget();
        }
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }

    /// <summary>The next message, of one line or of several between triple quotes; null: there is no more.</summary>
    string? Message()
    {
        var line = Line("> ");
        if (line is null || !line.StartsWith(Quotes, StringComparison.Ordinal)) return line;
        var text = new StringBuilder();
        for (line = line[Quotes.Length..]; line is not null; line = Line("… "))
        {
            var end = line.IndexOf(Quotes, StringComparison.Ordinal);
            if (text.Length > 0) text.Append('\n');
            text.Append(end < 0 ? line : line[..end]);
            if (end >= 0) break;
        }
        return text.ToString();
    }

    string? Line(string prompt)
    {
        if (editor is not null) return editor.Read(prompt);
        if (interactive) call.Terminal.Error.Write(prompt);
        return call.ReadLine();
    }
}
