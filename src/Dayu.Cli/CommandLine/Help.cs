using System.CommandLine;
using System.Text;

namespace Dayu.Cli;

/// <summary>What <c>--help</c> prints: everything from the catalogue, in the user's language.</summary>
static class Help
{
    const int TextColumn = 34;

    static readonly string[] variables = ["DAYU_CPU", "DAYU_FONT", "HF_ENDPOINT", "HF_TOKEN", "HTTPS_PROXY"];

    /// <summary>The help of a command.</summary>
    /// <param name="parsed">As the parser knows it.</param>
    /// <param name="command">What it does; null: it only has commands below it.</param>
    /// <param name="globals">Options of every command.</param>
    /// <param name="say">Texts in the user's language.</param>
    public static string Of(Command parsed, CliCommand? command, Globals globals, Strings say)
    {
        var (path, text) = (Path(parsed), new StringBuilder());
        var key = path.Length == 0 ? "dayu" : path.Replace(' ', '.');
        var below = path.Length == 0 ? "command" : $"command.{key}";
        text.AppendLine(say[$"command.{key}"]).AppendLine().AppendLine(say["help.usage"]);
        foreach (var line in say.Text($"usage.{key}").Split('\n')) text.AppendLine($"  {line}");
        Section(text, say["help.commands"], parsed.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, say[$"{below}.{c.Name}"])));
        Section(text, say["help.arguments"], parsed.Arguments.Select(a => ($"<{a.Name}>", say[$"argument.{key}.{a.Name}"])));
        if (parsed is not RootCommand)
            Section(text, say["help.options"], parsed.Options.Select(o => (Names(o), OptionText(say, key, o, command?.TextsOf))));
        Section(text, say["help.globals"], globals.All.Select(o => (Names(o), OptionText(say, key, o))));
        Section(text, say["help.environment"], Variables(parsed, command, globals, say));
        return text.AppendLine().AppendLine(say["help.end"]).Replace("\r\n", "\n").ToString();
    }

    /// <summary>A command's own text of an option, where it means something of its own there, else the common one.</summary>
    public static string OptionText(Strings say, string command, Option option, string? kin = null)
    {
        string[] own = [$"option.{command}.{option.Name}", $"option.{kin}.{option.Name}"];
        return say[own.FirstOrDefault(say.Has) ?? $"option.{option.Name}"];
    }

    /// <summary>What the environment may say in place of options, and what else of it is read.</summary>
    static IEnumerable<(string, string)> Variables(Command parsed, CliCommand? command, Globals globals, Strings say)
    {
        HashSet<string> options = [.. parsed.Options.Concat(globals.All).Select(o => o.Name)];
        var isRoot = parsed is RootCommand;
        foreach (var setting in Setting.Known)
            if (setting is { Variable: { } variable, Option: { } option } && (isRoot || options.Contains(option)))
                yield return (variable, say.Text("variable.option", option));
        string[] computing = options.Contains("--precision") ? ["DAYU_CPU"] : isRoot ? variables : [];
        foreach (var variable in (string[])[.. command?.Variables ?? [], "NO_COLOR", .. computing])
            yield return (variable, say[$"variable.{variable}"]);
    }

    /// <summary>How a command is called, <c>dayu</c> left out: <c>tokenizer encode</c>.</summary>
    public static string Path(Command command)
    {
        if (command is RootCommand) return "";
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is not null && Path(parent) is { Length: > 0 } above ? $"{above} {command.Name}" : command.Name;
    }

    static string Names(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(a => a.Length == 2).Order(StringComparer.Ordinal).Append(option.Name));
        return option.ValueType == typeof(bool) ? names : $"{names} <{option.HelpName ?? option.Name.TrimStart('-')}>";
    }

    static void Section(StringBuilder text, string title, IEnumerable<(string Name, string Text)> lines)
    {
        var first = true;
        foreach (var (name, said) in lines)
        {
            if (first) text.AppendLine().AppendLine(title);
            first = false;
            var gap = name.Length > TextColumn - 3 ? "\n" + new string(' ', TextColumn) : " ";
            text.Append("  ").Append(name.PadRight(TextColumn - 3)).Append(gap).AppendLine(said);
        }
    }
}
