using System.CommandLine;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>A file that the user names. What is wrong with it is told with what named it: an option, an argument, a key.</summary>
static class InputFile
{
    /// <summary>All of its bytes, one at least.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="named">What named it.</param>
    /// <exception cref="CliError">There is none, it is a folder, may not be read, or is empty.</exception>
    public static byte[] Read(string path, string named)
    {
        CheckFile(path, named);
        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.Length > 0 ? bytes : throw new CliError(7004, named, path);
        }
        catch (UnauthorizedAccessException) { throw new CliError(1018, named, path); }
    }

    /// <summary>The file or folder that an option names; null: it is not given.</summary>
    /// <exception cref="CliError">Nothing is there.</exception>
    public static string? Of(CommandContext call, Option<string?> option) =>
        call.Get(option) is { } path ? Check(Path.Combine(call.Terminal.Folder, path), option.Name) : null;

    /// <summary>Whether something is there: a file, or a folder that has it.</summary>
    /// <returns>The path.</returns>
    /// <exception cref="CliError">Nothing is.</exception>
    public static string Check(string path, string named) => Path.Exists(path) ? path : throw new CliError(3019, named, path);

    /// <summary>Whether a file is there.</summary>
    /// <exception cref="CliError">Nothing is, or a folder.</exception>
    public static void CheckFile(string path, string named)
    {
        Check(path, named);
        if (Directory.Exists(path)) throw Folder(path, named);
    }

    /// <summary>Whether a file can be written to a place.</summary>
    /// <exception cref="CliError">A folder has it.</exception>
    /// <exception cref="IOException">Something other than a regular file has it.</exception>
    public static void CheckTarget(string path, string named)
    {
        if (Directory.Exists(path)) throw Folder(path, named);
        WholeFile.CheckPlace(path);
    }

    static CliError Folder(string path, string named) => new(2080, new Phrase("named", named, path));
}
