using System.Text;

namespace Dayu.Cli;

/// <summary>For Nushell: signatures of an external program.</summary>
static class NushellCompletion
{
    const string Head = """
        # Completion of dayu for Nushell. Once: dayu completion nushell | save dayu.nu; in config.nu: use dayu.nu *
        def "nu-complete dayu models" [] { ^dayu complete | lines }

        """;

    public static string Script(List<CommandWords> all)
    {
        var text = new StringBuilder(Head.Replace("\r\n", "\n"));
        List<string> lists = [.. all.SelectMany(ValuesOf).Where(v => v.Length > 0).Select(Words).Distinct()];
        foreach (var (i, list) in lists.Index()) text.Append($"def \"nu-complete dayu words{i}\" [] {{ {list} }}\n");
        foreach (var command in all)
        {
            text.Append($"\nexport extern \"{$"dayu {command.Path}".Trim()}\" [\n");
            if (command.Commands.Length > 0 && command.Arguments == Kind.Text) text.Append("    verb?: string\n");
            else text.Append($"    ...arguments: {Type(command.Arguments, command.Values)}\n");
            foreach (var o in command.IsRoot ? command.Options : [.. command.Options, .. all[0].Options])
                text.Append($"    {o.Names[0]}{Letter(o)}{(o.Kind == Kind.Flag ? "" : $": {Type(o.Kind, o.Values)}")} # {o.Text}\n");
            text.Append("]\n");
        }
        return text.ToString();

        string Type(Kind kind, string[] values) => kind switch
        {
            Kind.Words => $"string@\"nu-complete dayu words{lists.IndexOf(Words(values))}\"",
            Kind.Model => "string@\"nu-complete dayu models\"",
            Kind.File => "path",
            Kind.Folder => "directory",
            _ => "string",
        };
    }

    /// <summary>The lists of words that it may be followed by.</summary>
    static IEnumerable<string[]> ValuesOf(CommandWords command) =>
        command.Options.Where(o => o.Kind == Kind.Words).Select(o => o.Values).Append(command.Values);

    static string Letter(OptionWords option) =>
        option.Names.Skip(1).FirstOrDefault(n => char.IsAsciiLetter(n[1])) is { } letter ? $"({letter})" : "";

    static string Words(string[] values) => $"[{string.Join(' ', values.Select(v => $"\"{v}\""))}]";
}
