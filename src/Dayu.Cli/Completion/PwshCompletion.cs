namespace Dayu.Cli;

/// <summary>For PowerShell.</summary>
static class PwshCompletion
{
    /// <summary>
    /// The script: tables of words, and what looks things up in them. A line here that ends in a backslash goes on in the next.
    /// </summary>
    public static string Script(List<CommandWords> all) => $$"""
        # Completion of dayu for PowerShell. In $PROFILE: dayu completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName dayu -ScriptBlock {
            param($word, $ast, $cursor)
            $verbs = @{
        {{Below(all)}}    }
            $options = @{
        {{Options(all)}}    }
            $values = @{
        {{Follows(all)}}    }
            $typed = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } \
        | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
            $at = ''
            foreach ($t in $typed) { if ($verbs[$at] -contains $t) { $at = "$at $t".Trim() } }
            $prev = if ($typed.Count) { $typed[-1] } else { '' }
            $key = @("$at|$prev", "|$prev", "$at|") \
        | Where-Object { $values.ContainsKey($_) -and ($prev -or $_.EndsWith("|")) } | Select-Object -First 1
            $found = if ((-not $key -or $key -eq "$at|") -and $word.StartsWith('-')) { $options[$at] + $options[''] } \
        elseif ($verbs.ContainsKey($at) -and -not $key) { $verbs[$at] } elseif ($key) { $values[$key] }
            if ($found -contains '<model>') { \
        $found = @(if ($verbs.ContainsKey($at)) { $verbs[$at] }) + @(& dayu complete 2>$null) }
            $found | Where-Object { $_ -like "$word*" } \
        | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """.Replace("\r\n", "\n").Replace("\\\n", "");

    /// <summary>Commands below each command.</summary>
    static string Below(List<CommandWords> all) =>
        Lines(all.Where(c => c.Commands.Length > 0).Select(c => (c.Path, Words(c.Commands.Select(b => b.Name)))));

    /// <summary>Options of each command.</summary>
    static string Options(List<CommandWords> all) => Lines(all.Select(c => (c.Path, Words(c.OptionNames))));

    /// <summary>What follows each command, and each option of each.</summary>
    static string Follows(List<CommandWords> all)
    {
        var commands = all.Where(c => c.Commands.Length == 0 || c.Arguments != Kind.Text);
        return Lines(commands.Select(c => ($"{c.Path}|", Follows(c.Arguments, c.Values))).Concat(all.SelectMany(OptionsOf)));
    }

    static IEnumerable<(string, string)> OptionsOf(CommandWords command) =>
        from option in command.Options
        where option.Kind != Kind.Flag
        from name in option.Names
        where name != "-?"
        select ($"{command.Path}|{name}", Follows(option.Kind, option.Values));

    /// <summary>Nothing at all lets PowerShell complete file names by itself.</summary>
    static string Follows(Kind kind, string[] values) => kind switch
    {
        Kind.Words => Words(values),
        Kind.Model => "@('<model>')",
        _ => "@()",
    };

    static string Lines(IEnumerable<(string Key, string Value)> lines) =>
        string.Concat(lines.Select(l => $"        '{l.Key}' = {l.Value}\n"));

    static string Words(IEnumerable<string> words) => $"@({string.Join(", ", words.Select(w => $"'{w.Replace("'", "''")}'"))})";
}
