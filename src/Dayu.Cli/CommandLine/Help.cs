using System.CommandLine;
using System.Text;

namespace Dayu.Cli;

/// <summary>What <c>--help</c> prints: everything from the catalogue, in the user's language.</summary>
static class Help
{
    /// <summary>The help of a command.</summary>
    public static string Of(Command command, CliCommand? verb, Globals globals, Strings say)
    {
        var (path, text) = (Path(command), new StringBuilder());
        var key = path.Length == 0 ? "dayu" : path.Replace(' ', '.');
        text.AppendLine(say[$"verb.{key}"]).AppendLine().AppendLine(say["help.usage"]);
        foreach (var line in say.Text($"usage.{key}").Split('\n')) text.AppendLine($"  {line}");
        Section(text, say["help.verbs"], command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, say[$"verb.{(path.Length == 0 ? "" : key + ".")}{c.Name}"])));
        Section(text, say["help.arguments"], command.Arguments.Select(a => ($"<{a.Name}>", say[$"argument.{key}.{a.Name}"])));
        if (command is not RootCommand) Section(text, say["help.options"], command.Options.Select(o => (Names(o), OptionText(say, key, o))));
        Section(text, say["help.globals"], globals.All.Select(o => (Names(o), OptionText(say, key, o))));
        Section(text, say["help.environment"], Variables(command, verb, globals, say));
        return text.AppendLine().AppendLine(say["help.end"]).Replace("\r\n", "\n").ToString();
    }

    /// <summary>A verb's own text of an option, where it means something of its own there, else the common one.</summary>
    static string OptionText(Strings say, string verb, Option option) => say.Has($"option.{verb}.{option.Name}") ? say[$"option.{verb}.{option.Name}"] : say[$"option.{option.Name}"];

    /// <summary>What the environment may say in place of options, and what else of it is heeded.</summary>
    static IEnumerable<(string, string)> Variables(Command command, CliCommand? verb, Globals globals, Strings say)
    {
        HashSet<string> options = [.. command.Options.Concat(globals.All).Select(o => o.Name)];
        var all = command is RootCommand;
        return Setting.Known.Where(s => s.Variable is not null && s.Option is { } option && (all || options.Contains(option))).Select(s => (s.Variable!, say.Text("variable.option", s.Option!)))
            .Concat((verb?.Variables ?? []).Append("NO_COLOR").Concat((options.Contains("--precision") ? ["DAYU_CPU"] : all ? (string[])["DAYU_CPU", "DAYU_FONT", "HF_ENDPOINT", "HF_TOKEN", "HTTPS_PROXY"] : [])).Select(v => (v, say[$"variable.{v}"])));
    }

    /// <summary>How a command is called, <c>dayu</c> left out: <c>tokenizer encode</c>.</summary>
    public static string Path(Command command) => command is RootCommand ? ""
        : command.Parents.OfType<Command>().FirstOrDefault() is { } parent && Path(parent) is { Length: > 0 } above ? $"{above} {command.Name}" : command.Name;

    static string Names(Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(a => a.Length == 2).Order(StringComparer.Ordinal).Append(option.Name));
        return option.ValueType == typeof(bool) ? names : $"{names} <{option.HelpName ?? option.Name.TrimStart('-')}>";
    }

    static void Section(StringBuilder text, string title, IEnumerable<(string Name, string Text)> lines)
    {
        const int column = 34;
        var first = true;
        foreach (var (name, said) in lines)
        {
            if (first) text.AppendLine().AppendLine(title);
            first = false;
            text.Append("  ").Append(name.PadRight(column - 3)).Append(name.Length > column - 3 ? "\n" + new string(' ', column) : " ").AppendLine(said);
        }
    }
}
