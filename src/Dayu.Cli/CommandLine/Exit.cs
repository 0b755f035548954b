namespace Dayu.Cli;

/// <summary>Exit codes. An error's number begins with its code: DAYU-3001 exits with 3.</summary>
static class Exit
{
    public const int Ok = 0, Failed = 1, Usage = 2, NotFound = 3, NoMemory = 4, BelowGate = 5, Unreachable = 6, BadData = 7;

    public const int Interrupted = 130, Terminated = 143;
}

/// <summary>
/// An error that the user is told of: its number says which text of the catalogue (<c>error.2003</c>, and what to do,
/// <c>error.2003.hint</c>).
/// </summary>
sealed class CliError(int number, params object[] args) : Exception($"DAYU-{number}: {string.Join(", ", args)}")
{
    public int Number => number;

    public object[] Args => args;

    /// <summary>Exit code.</summary>
    public int Code => number / 1000;
}

/// <summary>A part of an error that is itself a text of the catalogue.</summary>
sealed record Phrase(string Key, params object[] Args)
{
    public override string ToString() => Key;
}
