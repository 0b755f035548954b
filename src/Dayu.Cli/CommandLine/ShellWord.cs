namespace Dayu.Cli;

/// <summary>Words for a command that is to be copied into a shell.</summary>
static class ShellWord
{
    /// <summary>The word as a POSIX shell takes it, in quotes only where it needs them.</summary>
    public static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "/:._-+=@,%".Contains(c))
        ? word : $"'{word.Replace("'", "'\\''")}'";
}
