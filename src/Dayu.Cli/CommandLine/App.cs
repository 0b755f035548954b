using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;

namespace Dayu.Cli;

/// <summary>From arguments to an exit code. Knows no command by name.</summary>
static class App
{
    /// <summary>Does what the arguments say.</summary>
    /// <param name="args">As the shell gave them.</param>
    /// <param name="terminal">The world outside.</param>
    /// <param name="contents">The commands.</param>
    public static int Run(string[] args, Terminal terminal, Entry[] contents)
    {
        var settings = new Settings(terminal, args);
        var say = Strings.Of(Languages.Choose(settings, terminal));
        var globals = new Globals();
        var (root, commands) = (new RootCommand(), new Dictionary<Command, CliCommand>());
        root.Options.Clear();
        root.Directives.Clear();
        foreach (var option in globals.All) root.Add(option);
        foreach (var entry in contents) root.Add(Build(entry, args, commands));
        var parsed = root.Parse(args, new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        try
        {
            var code = Do(parsed, globals, commands, terminal, settings, say);
            terminal.Out.Flush();                                    // what cannot be written is an error like any other
            return code;
        }
        catch (Exception e)
        {
            var color = Output.HasColor(parsed, globals, terminal, settings);
            terminal.TryFlush();
            return CliErrors.Of(e, terminal).Tell(e, terminal, say, color, CommandContext.IsDetailed(parsed, globals));
        }
    }

    static int Do(
        ParseResult parsed, Globals globals, Dictionary<Command, CliCommand> commands, Terminal terminal, Settings settings, Strings say)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.GetValue(globals.Version)) return Print(terminal, Version + "\n");
        var wantsHelp = parsed.GetValue(globals.Help) || IsBare(parsed);
        if (wantsHelp) return Print(terminal, Help.Of(command, commands.GetValueOrDefault(command), globals, say));
        Suggestions.Check(parsed, command);
        if (commands[command].SparesSettings) settings.LeaveOutFaults();
        var context = new CommandContext(parsed, globals, terminal, settings, say, commands[command].Formats);
        if (settings.HomeInstead is { } home) context.Out.Note(say.Text("home.unset", home));
        return commands[command].Run(context);
    }

    /// <summary>The version; and the commit that the program was built of, where that was known.</summary>
    static string[] Built =>
        typeof(App).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', 2);

    public static string Version => Built[0];

    /// <summary>The commit of this repository that the program was built of; null: not known.</summary>
    public static string? Commit => Built is [_, var commit] ? commit : null;

    /// <summary>Whether nothing was asked at all.</summary>
    static bool IsBare(ParseResult parsed) => parsed is { CommandResult.Command: RootCommand, Errors.Count: <= 1, Tokens.Count: 0 };

    static int Print(Terminal terminal, string text)
    {
        terminal.Out.Write(text);
        return Exit.Ok;
    }

    /// <summary>The commands of the table of contents; what no argument names is a name only, and costs nothing.</summary>
    static Command Build(Entry entry, string[] args, Dictionary<Command, CliCommand> commands)
    {
        var parsed = new Command(entry.Name) { Hidden = entry.Hidden };
        if (!args.Contains(entry.Name)) return parsed;
        foreach (var child in entry.Commands) parsed.Add(Build(child, args, commands));
        if (entry.Make is null) return parsed;
        var command = commands[parsed] = entry.Make();
        if (entry.Commands.Length > 0) parsed.SetAction(_ => Exit.Ok);  // else the parser demands one of its subcommands
        foreach (var symbol in command.Takes)
            if (symbol is Option option)
            {
                Numbers.Teach(option);
                parsed.Add(option);
            }
            else if (symbol is Argument argument) parsed.Add(argument);
        return parsed;
    }
}
