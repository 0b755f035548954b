using System.Text;

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
                    {{string.Join(" | ", Steps(all))}}) at=${at:+$at }${words[i]} ;;
                esac
            done
            case "$at" in
        {{string.Concat(all.Select(v => $"        '{v.Path}') kind={Name(v.Arguments)} values={Quoted(v.Values)} verbs={Quoted(v.Commands.Select(c => c.Name))} options={Quoted(v.Path.Length == 0 ? [] : v.Options.SelectMany(o => o.Names))} ;;\n"))}}    esac
            options="$options {{string.Join(' ', all[0].Options.SelectMany(o => o.Names))}}"
            [[ $cur == --*=* ]] && prev=${cur%%=*} cur=${cur#*=}
            case "$at|$prev" in
        {{Cases(all)}}        *)
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

    /// <summary>Words that lead from a noun to its verbs: <c>'tokenizer|encode'</c>.</summary>
    public static IEnumerable<string> Steps(List<CommandWords> all) => all.SelectMany(v => v.Commands.Select(c => $"'{v.Path}|{c.Name}'"));

    /// <summary>What follows an option: those of a verb first, then those of every verb.</summary>
    public static string Cases(List<CommandWords> all)
    {
        var text = new StringBuilder();
        foreach (var group in all.Skip(1).Append(all[0]).SelectMany(v => v.Options.Where(o => o.Kind != Kind.Flag).SelectMany(o => o.Names.Select(n => (At: v.Path.Length == 0 ? $"*'|{n}'" : $"'{v.Path}|{n}'", o.Kind, Values: Quoted(o.Values), IsGlobal: v.Path.Length == 0)))).GroupBy(o => (o.IsGlobal, o.Kind, o.Values)))
            text.Append("        ").AppendJoin(" | ", group.Select(o => o.At)).Append($") kind={Name(group.Key.Kind)} values={group.Key.Values} ;;\n");
        return text.ToString();
    }

    /// <summary>As the scripts call it.</summary>
    public static string Name(Kind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Words in one pair of quotes; none of them has quotes of its own.</summary>
    public static string Quoted(IEnumerable<string> words) => $"'{string.Join(' ', words)}'";
}
