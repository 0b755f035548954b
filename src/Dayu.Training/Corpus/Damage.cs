namespace Dayu.Training;

/// <summary>Reading of files that may fail: why it did, in words that can stand behind a document's place.</summary>
static class Damage
{
    /// <summary>What an action gives; where the file stops it: nothing, and why.</summary>
    /// <exception cref="Exception">Whatever is no fault of a file.</exception>
    public static T? Try<T>(Func<T> action, out string? fault)
    {
        try
        {
            fault = null;
            return action();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            fault = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException => "it cannot be opened (no permission, or a folder)",
                InvalidDataException => e.Message,
                _ => $"the file cannot be read from here ({e.Message.TrimEnd('.')})",
            };
            return default;
        }
    }
}
