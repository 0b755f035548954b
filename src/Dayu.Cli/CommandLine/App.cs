using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;

namespace Dayu.Cli;

/// <summary>From arguments to an exit code. Knows no verb.</summary>
static class App
{
    /// <summary>Does what the arguments say.</summary>
    /// <param name="args">As the shell gave them.</param>
    /// <param name="terminal">The world outside.</param>
    /// <param name="contents">The verbs.</param>
    public static int Run(string[] args, Terminal terminal, Entry[] contents)
    {
        var settings = new Settings(terminal, args);
        var say = Strings.Of(Languages.Choose(settings, terminal));
        var globals = new Globals();
        var (root, verbs) = (new RootCommand(), new Dictionary<Command, CliCommand>());
        root.Options.Clear();
        root.Directives.Clear();
        foreach (var option in globals.All) root.Add(option);
        foreach (var entry in contents) root.Add(Build(entry, args, verbs));
        var parsed = root.Parse(args, new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        try
        {
            return Do(parsed, globals, verbs, terminal, settings, say);
        }
        catch (Exception e)
        {
            return CliErrors.Of(e, terminal).Tell(e, terminal, say, Output.HasColor(parsed, globals, terminal, settings), CommandContext.IsDetailed(parsed, globals));
        }
        finally
        {
            terminal.Flush();
        }
    }

    static int Do(ParseResult parsed, Globals globals, Dictionary<Command, CliCommand> verbs, Terminal terminal, Settings settings, Strings say)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.GetValue(globals.Version)) return Print(terminal, typeof(App).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0] + "\n");
        if (parsed.GetValue(globals.Help) || (command is RootCommand && parsed.Errors.Count <= 1 && parsed.Tokens.Count == 0)) return Print(terminal, Help.Of(command, verbs.GetValueOrDefault(command), globals, say));
        Suggestions.Check(parsed, command);
        return verbs[command].Run(new(parsed, globals, terminal, settings, say, verbs[command].Formats));
    }

    static int Print(Terminal terminal, string text)
    {
        terminal.Out.Write(text);
        return Exit.Ok;
    }

    /// <summary>The commands of the table of contents; what no argument names is a name only, and costs nothing.</summary>
    static Command Build(Entry entry, string[] args, Dictionary<Command, CliCommand> verbs)
    {
        var command = new Command(entry.Name) { Hidden = entry.Hidden };
        if (!args.Contains(entry.Name)) return command;
        foreach (var child in entry.Commands) command.Add(Build(child, args, verbs));
        if (entry.Make is null) return command;
        var verb = verbs[command] = entry.Make();
        if (entry.Commands.Length > 0) command.SetAction(_ => Exit.Ok);  // else the parser takes it for a noun that wants a verb
        foreach (var symbol in verb.Takes)
            if (symbol is Option option) command.Add(option);
            else if (symbol is Argument argument) command.Add(argument);
        return command;
    }
}
