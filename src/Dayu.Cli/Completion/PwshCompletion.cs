namespace Dayu.Cli;

/// <summary>For PowerShell.</summary>
static class PwshCompletion
{
    public static string Script(List<CommandWords> all) => $$"""
        # Completion of dayu for PowerShell. In $PROFILE: dayu completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName dayu -ScriptBlock {
            param($word, $ast, $cursor)
            $verbs = @{
        {{string.Concat(all.Where(v => v.Commands.Length > 0).Select(v => $"        '{v.Path}' = {Words(v.Commands.Select(c => c.Name))}\n"))}}    }
            $options = @{
        {{string.Concat(all.Select(v => $"        '{v.Path}' = {Words(v.Options.SelectMany(o => o.Names))}\n"))}}    }
            $values = @{
        {{string.Concat(all.Where(v => v.Commands.Length == 0 || v.Arguments != Kind.Text).Select(v => $"        '{v.Path}|' = {Follows(v.Arguments, v.Values)}\n").Concat(all.SelectMany(v => v.Options.Where(o => o.Kind != Kind.Flag).SelectMany(o => o.Names.Where(n => n != "-?").Select(n => $"        '{v.Path}|{n}' = {Follows(o.Kind, o.Values)}\n")))))}}    }
            $typed = @($ast.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursor } | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
            $at = ''
            foreach ($t in $typed) { if ($verbs[$at] -contains $t) { $at = "$at $t".Trim() } }
            $prev = if ($typed.Count) { $typed[-1] } else { '' }
            $key = @("$at|$prev", "|$prev", "$at|") | Where-Object { $values.ContainsKey($_) -and ($prev -or $_.EndsWith("|")) } | Select-Object -First 1
            $found = if ((-not $key -or $key -eq "$at|") -and $word.StartsWith('-')) { $options[$at] + $options[''] } elseif ($verbs.ContainsKey($at) -and -not $key) { $verbs[$at] } elseif ($key) { $values[$key] }
            if ($found -contains '<model>') { $found = @(if ($verbs.ContainsKey($at)) { $verbs[$at] }) + @(& dayu complete 2>$null) }
            $found | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """.Replace("\r\n", "\n");

    /// <summary>Nothing at all lets PowerShell complete file names by itself.</summary>
    static string Follows(Kind kind, string[] values) => kind switch { Kind.Words => Words(values), Kind.Model => "@('<model>')", _ => "@()" };

    static string Words(IEnumerable<string> words) => $"@({string.Join(", ", words.Select(w => $"'{w.Replace("'", "''")}'"))})";
}
