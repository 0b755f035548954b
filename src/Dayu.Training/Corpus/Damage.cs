using ZstdSharp;

namespace Dayu.Training;

/// <summary>What a file that is cut off, not what its name says, or not to be opened does to a reader, in words.</summary>
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
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ZstdException)
        {
            fault = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "there is no such file",
                UnauthorizedAccessException => "it cannot be opened (no permission, or a folder)",
                EndOfStreamException => "the file is cut off here",
                _ => $"the file is damaged here ({e.Message.TrimEnd('.')}); what follows cannot be read",
            };
            return default;
        }
    }
}
