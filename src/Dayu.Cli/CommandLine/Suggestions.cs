using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>Finds what is wrong with a command line, and what was probably meant.</summary>
static partial class Suggestions
{
    /// <summary>Checks a command line.</summary>
    /// <exception cref="CliError">Something in it is wrong; says what was probably meant.</exception>
    public static void Check(ParseResult parsed, Command command)
    {
        var path = $"dayu {Help.Path(command)}".TrimEnd();
        string[] options = [.. Options(command)];                    // one that another took for its value: the parser lets that pass
        foreach (var option in parsed.CommandResult.Children.Concat(parsed.RootCommandResult.Children).OfType<OptionResult>())
            if (option.Tokens.Any(t => options.Contains(t.Value))) throw new CliError(2016, option.Option.Name, path);
        foreach (var word in Misread(parsed).Concat(parsed.UnmatchedTokens))
        {
            var known = word.StartsWith('-') ? options : command.Subcommands.Select(c => c.Name);
            throw Spelling.Closest(word.Split('=')[0], known) is { } meant ? new(2002, word, meant) : new CliError(2003, word, path);
        }
        if (parsed.Errors.Count > 0) throw CommandLineErrors.Of(parsed.Errors[0], path);
    }

    /// <summary>
    /// Words that look like options and were taken for text: with a free text among the arguments, a mistyped option would pass
    /// unseen. Behind <c>--</c> all is text.
    /// </summary>
    static IEnumerable<string> Misread(ParseResult parsed)
    {
        var literal = parsed.Tokens.SkipWhile(t => t.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        var words = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens);
        return words.Where(t => !literal.Contains(t) && LooksLikeOption().IsMatch(t.Value)).Select(t => t.Value);
    }

    [GeneratedRegex("^--?[A-Za-z][A-Za-z-]*(=.*)?$")]
    private static partial Regex LooksLikeOption();

    static IEnumerable<string> Options(Command? command)
    {
        for (; command is not null; command = command.Parents.OfType<Command>().FirstOrDefault())
            foreach (var option in command.Options) yield return option.Name;
    }

    /// <summary>Known words that may be meant by another: the nearest, then those of its family; where there is none, all.</summary>
    /// <param name="word">What was said.</param>
    /// <param name="known">Words that begin with the letters of their family: <c>qwen3-0.6b</c>.</param>
    public static string[] Near(string word, string[] known)
    {
        var family = string.Concat(word.TakeWhile(char.IsLetter));
        var relatives = known.Where(k => k.Contains(family, StringComparison.OrdinalIgnoreCase));
        string[] near = [.. relatives.Prepend(Spelling.Closest(word.ToLowerInvariant(), known)).OfType<string>().Distinct()];
        return near.Length > 0 ? near : known;
    }
}
