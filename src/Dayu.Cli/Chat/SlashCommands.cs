using Dayu.Text;

namespace Dayu.Cli;

/// <summary>What begins with a slash. It never goes to the model, known or not.</summary>
sealed class SlashCommands
{
    readonly CommandContext call;
    readonly Chat chat;
    readonly SortedDictionary<string, Action<string>> known;

    public SlashCommands(CommandContext call, Chat chat)
    {
        (this.call, this.chat) = (call, chat);
        known = new(StringComparer.Ordinal)
        {
            ["/help"] = _ => Note("chat.help"),
            ["/system"] = System,
            ["/set"] = Set,
            ["/retry"] = _ => Again(),
            ["/undo"] = _ => Note(chat.Undo() is null ? "chat.nothing" : "chat.undone"),
            ["/save"] = Named("/save", file => ChatFiles.Save(call, chat, file)),
            ["/load"] = Named("/load", file => Note("chat.loaded", ChatFiles.Load(call, chat, file))),
            ["/tokens"] = _ => Tokens(),
            ["/probs"] = _ => Probs(),
            ["/export"] = Named("/export", file => ChatFiles.Export(call, chat, file)),
            ["/clear"] = _ => Clear(),
            ["/exit"] = _ => Ended = true,
        };
    }

    /// <summary>Whether the talk is over.</summary>
    public bool Ended { get; private set; }

    public void Do(string line)
    {
        var word = line.Split(' ', 2);
        if (known.TryGetValue(word[0], out var command)) command(word.Length > 1 ? word[1].Trim() : "");
        else if (Spelling.Closest(word[0], known.Keys) is { } meant) Note("chat.unknown-meant", word[0], meant);
        else Note("chat.unknown", word[0]);
    }

    Action<string> Named(string name, Action<string> with) => file =>
    {
        if (file.Length == 0) Note("chat.file-needed", name);
        else with(Path.Combine(call.Terminal.Folder, file));
    };

    void System(string text)
    {
        if (text.Length > 0) chat.System = text;
        if (chat.System is { } said) Note("chat.system", said);
        else Note("chat.no-system");
    }

    void Again()
    {
        if (chat.Undo() is { } said) chat.Say(said);
        else Note("chat.nothing");
    }

    void Clear()
    {
        var system = chat.System;
        chat.Messages.Clear();
        chat.System = system;
        Note("chat.cleared");
    }

    void Probs()
    {
        if (chat.Last.Count > 0) Tell(LogProbTable.Of(chat.Tokenizer, chat.Last).Render(Format.Table));
        else Note("chat.nothing");
    }

    void Tokens()
    {
        if (chat.Last.Count > 0) Tell(string.Join(' ', chat.Last.Select(t => $"{t.Id}:{LogProbTable.Shown(chat.Tokenizer, t.Id)}")));
        Note("chat.tokens", chat.Used, chat.Context);
    }

    void Set(string what)
    {
        var words = what.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            if (words.Length == 2 && ChatSettings.Changed(chat.Settings, words[0], words[1], call.Terminal.Seed) is { } changed)
            {
                chat.Settings = changed;
                Note("chat.set", words[0], words[1]);
            }
            else Note("chat.set-usage", string.Join(", ", ChatSettings.Names));
        }
        catch (Exception e) when (e is ArgumentException or CliError)
        {
            CliErrors.Of(e, call.Terminal).Tell(e, call.Terminal, call.Say, call.Color, call.Detailed);
        }
    }

    void Note(string key, params object[] args) => Tell(call.Say.Text(key, args));

    void Tell(string text) => call.Out.Warn(text.TrimEnd('\n'));
}
