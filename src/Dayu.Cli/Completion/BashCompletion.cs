namespace Dayu.Cli;

/// <summary>For bash, from 3.2 on.</summary>
static class BashCompletion
{
    public static string Script(List<CommandWords> all) => $$"""
        # Completion of dayu for bash. In ~/.bashrc: eval "$(dayu completion bash)"
        _dayu() {
            local line=${COMP_LINE:0:COMP_POINT} words=() at= i kind=text values= verbs= options=
            read -ra words <<<"$line"
            [[ $line == *[[:space:]] ]] && words+=("")
            local last=$((${#words[@]} - 1))
            local cur=${words[last]} prev=${words[last > 0 ? last - 1 : 0]}
            for ((i = 1; i < last; i++)); do
                case "$at|${words[i]}" in
                    {{Steps(all)}}) at=${at:+$at }${words[i]} ;;
                esac
            done
            case "$at" in
        {{string.Concat(all.Select(Place))}}    esac
            options="$options {{string.Join(' ', all[0].OptionNames)}}"
            [[ $cur == --*=* ]] && prev=${cur%%=*} cur=${cur#*=}
            case "$at|$prev" in
        {{OptionCases(all)}}        *)
                    if [[ $cur == -* ]]; then kind=words values=$options
                    elif [[ -n $verbs && $kind == text ]]; then kind=words values=$verbs; fi ;;
            esac
            COMPREPLY=()
            local IFS=$'\n'
            case $kind in
                words) COMPREPLY=($(IFS=' ' compgen -W "$values" -- "$cur")) ;;
                model) COMPREPLY=($(compgen -W "${verbs// /$IFS}$IFS$("$1" complete 2>/dev/null)" -- "$cur") $(compgen -f -- "$cur")) ;;
                file) COMPREPLY=($(compgen -f -- "$cur")) ;;
                folder) COMPREPLY=($(compgen -d -- "$cur")) ;;
            esac
            [[ $kind == model || $kind == file || $kind == folder ]] && compopt -o filenames 2>/dev/null
            if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then    # bash takes what is behind a colon for a word of its own
                local head=${cur%"${cur##*:}"}
                COMPREPLY=("${COMPREPLY[@]#"$head"}")
            fi
        }
        complete -F _dayu dayu ./dayu

        """.Replace("\r\n", "\n");

    /// <summary>What may follow a command's name.</summary>
    static string Place(CommandWords c)
    {
        var (commands, options) = (Quoted(c.Commands.Select(s => s.Name)), Quoted(c.IsRoot ? [] : c.OptionNames));
        return $"        '{c.Path}') kind={Name(c.Arguments)} values={Quoted(c.Values)} verbs={commands} options={options} ;;\n";
    }

    /// <summary>Words that lead from a command to those below it: <c>'tokenizer|encode' | …</c></summary>
    public static string Steps(List<CommandWords> all) =>
        string.Join(" | ", all.SelectMany(v => v.Commands.Select(c => $"'{v.Path}|{c.Name}'")));

    /// <summary>What follows an option: those of one command first, then those of every command; the same shares a line.</summary>
    public static string OptionCases(List<CommandWords> all)
    {
        CommandWords[] ordered = [.. all.Skip(1), all[0]];
        var cases = ordered.SelectMany(c => c.Options.Where(o => o.Kind != Kind.Flag).SelectMany(o => OptionCases(c, o)));
        return string.Concat(cases.GroupBy(c => (c.IsGlobal, c.Follows), c => c.At).Select(Line));

        static string Line(IGrouping<(bool, string Follows), string> g) => $"        {string.Join(" | ", g)}) {g.Key.Follows} ;;\n";
    }

    static IEnumerable<(string At, bool IsGlobal, string Follows)> OptionCases(CommandWords command, OptionWords option)
    {
        var (at, follows) = (command.IsRoot ? "*'" : $"'{command.Path}", $"kind={Name(option.Kind)} values={Quoted(option.Values)}");
        return option.Names.Select(name => ($"{at}|{name}'", command.IsRoot, follows));
    }

    /// <summary>As the scripts call it.</summary>
    public static string Name(Kind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Words in one pair of quotes; none of them has quotes of its own.</summary>
    public static string Quoted(IEnumerable<string> words) => $"'{string.Join(' ', words)}'";
}
