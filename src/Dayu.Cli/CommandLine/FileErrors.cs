using System.Text.RegularExpressions;

namespace Dayu.Cli;

/// <summary>What the framework says of files, in our words: its own sentences are English.</summary>
static partial class FileErrors
{
    /// <summary>What to tell; null: the message is one of ours.</summary>
    public static CliErrors? Of(Exception e) => Foreign().Match(e.Message) is not { Success: true } said ? null
        : e is UnauthorizedAccessException ? Denied(said.Groups[1].Value) : new(3018, [said.Groups[1].Value]);

    /// <summary>A folder that is read as a file is denied, too.</summary>
    static CliErrors Denied(string path) => Directory.Exists(path) ? new(2080, [path]) : new(1017, [path]);

    [GeneratedRegex("^(?:Could not find (?:file|a part of the path)|Access to the path) '(.*)'", RegexOptions.Singleline)]
    private static partial Regex Foreign();
}
