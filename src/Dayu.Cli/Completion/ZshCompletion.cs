namespace Dayu.Cli;

/// <summary>For zsh.</summary>
static class ZshCompletion
{
    public static string Script(List<CommandWords> all) => $$"""
        #compdef dayu
        # Completion of dayu for zsh. In ~/.zshrc, behind compinit: source <(dayu completion zsh)
        _dayu() {
            local at= i kind=text values= prev=${words[CURRENT-1]} cur=${words[CURRENT]}
            local -a verbs options
            for ((i = 2; i < CURRENT; i++)); do
                case "$at|${words[i]}" in
                    {{BashCompletion.Steps(all)}}) at=${at:+$at }${words[i]} ;;
                esac
            done
            case "$at" in
        {{string.Concat(all.Select(Place))}}    esac
            options+=({{Described(Options(all[0]))}})
            [[ $cur == --*=* ]] && { prev=${cur%%=*}; compset -P '*='; }
            case "$at|$prev" in
        {{BashCompletion.OptionCases(all)}}        *)
                    if [[ $cur == -* ]]; then _describe -o option options; return; fi
                    if (( $#verbs )) && [[ $kind == text ]]; then _describe verb verbs; return; fi ;;
            esac
            case $kind in
                words) compadd -- ${=values} ;;
                model) (( $#verbs )) && _describe verb verbs; compadd -- ${(f)"$(${words[1]} complete 2>/dev/null)"}; _files ;;
                file) _files ;;
                folder) _files -/ ;;
            esac
        }
        if [[ $funcstack[1] == _dayu ]]; then _dayu "$@"; else compdef _dayu dayu; fi

        """.Replace("\r\n", "\n");

    /// <summary>What may follow a command's name.</summary>
    static string Place(CommandWords c)
    {
        var (kind, values) = (BashCompletion.Name(c.Arguments), BashCompletion.Quoted(c.Values));
        return $"        '{c.Path}') kind={kind} values={values}\n"
            + $"            verbs=({Described(c.Commands)})\n"
            + $"            options=({Described(c.IsRoot ? [] : Options(c))}) ;;\n";
    }

    static IEnumerable<(string, string)> Options(CommandWords command) => command.Options.SelectMany(o => o.Names.Select(n => (n, o.Text)));

    static string Described(IEnumerable<(string Name, string Text)> words) =>
        string.Join(' ', words.Select(w => $"'{w.Name}:{w.Text.Replace("'", "'\\''")}'"));
}
