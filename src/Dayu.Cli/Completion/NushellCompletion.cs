using System.Text;

namespace Dayu.Cli;

/// <summary>For Nushell: signatures of an external program.</summary>
static class NushellCompletion
{
    public static string Script(List<CommandWords> all)
    {
        var text = new StringBuilder("# Completion of dayu for Nushell. Once: dayu completion nushell | save dayu.nu; in config.nu: use dayu.nu *\ndef \"nu-complete dayu models\" [] { ^dayu complete | lines }\n");
        var lists = all.SelectMany(v => v.Options.Where(o => o.Kind == Kind.Words).Select(o => o.Values).Append(v.Values)).Where(v => v.Length > 0).Select(Words).Distinct().ToList();
        foreach (var (list, i) in lists.Select((l, i) => (l, i))) text.Append($"def \"nu-complete dayu words{i}\" [] {{ {list} }}\n");
        foreach (var verb in all)
        {
            text.Append($"\nexport extern \"{$"dayu {verb.Path}".Trim()}\" [\n");
            if (verb.Commands.Length > 0 && verb.Arguments == Kind.Text) text.Append("    verb?: string\n");
            else text.Append($"    ...arguments: {Type(verb.Arguments, verb.Values)}\n");
            foreach (var o in verb.Path.Length == 0 ? verb.Options : [.. verb.Options, .. all[0].Options])
            {
                var letter = o.Names.Skip(1).FirstOrDefault(n => char.IsAsciiLetter(n[1]));
                text.Append($"    {o.Names[0]}{(letter is null ? "" : $"({letter})")}{(o.Kind == Kind.Flag ? "" : $": {Type(o.Kind, o.Values)}")} # {o.Text}\n");
            }
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

    static string Words(string[] values) => $"[{string.Join(' ', values.Select(v => $"\"{v}\""))}]";
}
