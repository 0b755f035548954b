using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>How long a training is to be: in tokens, or in time; steps are an option of the recipe.</summary>
sealed partial class LengthOptions
{
    readonly Option<string?> tokens = new("--tokens") { HelpName = "n" }, time = new("--time") { HelpName = "time" };

    public IEnumerable<Symbol> All => [tokens, time];

    /// <summary>By time: measured first.</summary>
    public Option ByTime => time;

    /// <summary>Which of them were given, by name.</summary>
    public IEnumerable<string> Asked(CommandContext call) => All.Where(call.IsGiven).Select(s => s.Name);

    /// <summary>The time that is given; null: none.</summary>
    /// <exception cref="CliError">It is no time.</exception>
    public TimeSpan? Time(CommandContext call) => call.Get(time) is not { } said ? null
        : TryTime(said, out var span) ? span : throw new CliError(2085, said);

    /// <summary>The recipe with as many steps as the tokens that are given need.</summary>
    /// <exception cref="CliError">It is no count.</exception>
    public Recipe Applied(Recipe recipe, CommandContext call)
    {
        if (call.Get(tokens) is not { } said) return recipe;
        if (!TryCount(said, out var count)) throw new CliError(2086, said);
        var step = (long)recipe.Data.Window * recipe.Data.Batch * recipe.Data.Accumulate;
        return RecipeFile.Checked(recipe with { Schedule = recipe.Schedule with { Steps = (count + step - 1) / step } });
    }

    /// <summary>90s, 10m, 1h30m; a bare number is no time: of what?</summary>
    public static bool TryTime(string text, out TimeSpan time)
    {
        var found = TimeForm().Match(text);
        (time, var seconds) = (default, 0.0);
        if (!found.Success || text.Length == 0) return false;
        foreach (var (unit, length) in ((string, double)[])[("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)])
            if (found.Groups[unit] is { Success: true, Value: var n }) seconds += length * double.Parse(n, CultureInfo.InvariantCulture);
        if (seconds is not (> 0 and < 1e9)) return false;
        time = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>40000000, 40M, 1.5B.</summary>
    public static bool TryCount(string text, out long count)
    {
        count = 0;
        if (text.Length == 0) return false;
        var scale = char.ToUpperInvariant(text[^1]) switch { 'K' => 1e3, 'M' => 1e6, 'B' or 'G' => 1e9, 'T' => 1e12, _ => 1 };
        var isNumber = Numbers.TryReal(scale == 1 ? text : text[..^1], out var number);
        count = isNumber && number * scale is >= 1 and < 1e18 ? (long)Math.Round(number * scale) : 0;
        return count > 0;
    }

    [GeneratedRegex(@"^((?<d>[0-9]+(\.[0-9]+)?)d)?((?<h>[0-9]+(\.[0-9]+)?)h)?((?<m>[0-9]+(\.[0-9]+)?)m)?((?<s>[0-9]+(\.[0-9]+)?)s)?$")]
    private static partial Regex TimeForm();
}
