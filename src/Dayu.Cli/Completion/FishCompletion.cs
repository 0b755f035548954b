using System.Text;

namespace Dayu.Cli;

/// <summary>For fish.</summary>
static class FishCompletion
{
    const string Models = "(dayu complete 2>/dev/null)";

    public static string Script(List<CommandWords> all)
    {
        var text = new StringBuilder($"""
            # Completion of dayu for fish. Once: dayu completion fish > ~/.config/fish/completions/dayu.fish
            function __dayu_at
                set -l at
                for word in (commandline -opc)[2..]
                    set -l next (string join ' ' -- $at $word)
                    contains -- $next {string.Join(' ', all.Skip(1).Select(v => Quoted(v.Path)))}; and set at (string split ' ' -- $next)
                end
                test "$at" = "$argv"
            end
            complete -c dayu -f

            """.Replace("\r\n", "\n"));
        foreach (var command in all)
        {
            var at = $" -n '__dayu_at {command.Path}'";
            foreach (var (name, said) in command.Commands) text.Append($"complete -c dayu{at} -a {name} -d {Quoted(said)}\n");
            if (command.Arguments == Kind.Words) text.Append($"complete -c dayu{at} -a {Quoted(string.Join(' ', command.Values))}\n");
            if (command.Arguments == Kind.Model) text.Append($"complete -c dayu{at} -F -a {Quoted(Models)}\n");
            if (command.Arguments == Kind.File) text.Append($"complete -c dayu{at} -F\n");
            foreach (var option in command.Options) Add(text, command.Path.Length == 0 ? "" : at, option);
        }
        return text.ToString();
    }

    static void Add(StringBuilder text, string at, OptionWords option)
    {
        text.Append($"complete -c dayu{at} -l {option.Names[0][2..]}");
        foreach (var letter in option.Names.Skip(1)) text.Append($" -s {Quoted(letter[1..])}");
        text.Append(option.Kind switch
        {
            Kind.Flag => "",
            Kind.Words => $" -x -a {Quoted(string.Join(' ', option.Values))}",
            Kind.Model => $" -r -F -a {Quoted(Models)}",
            Kind.File => " -r -F",
            Kind.Folder => " -x -a '(__fish_complete_directories)'",
            _ => " -x",
        }).Append($" -d {Quoted(option.Text)}\n");
    }

    static string Quoted(string text) => $"'{text.Replace("\\", "\\\\").Replace("'", "\\'")}'";
}
