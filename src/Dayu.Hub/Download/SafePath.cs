namespace Dayu.Hub;

/// <summary>Paths that servers name.</summary>
static class SafePath
{
    /// <summary>A path, if it leads nowhere but below the folder it is put into, on every system.</summary>
    /// <exception cref="UnsafePathException">It does not.</exception>
    public static string Checked(string path) =>
        path.Length <= 512 && path.Split('/').All(IsSafe) ? path : throw new UnsafePathException(path);

    static bool IsSafe(string part) => part is not ("" or "." or "..") && part.Length <= 128
        && !part.Any(IsSpecial) && part[^1] is not ('.' or ' ') && !ModelName.IsDevice(part);

    static bool IsSpecial(char c) => c < ' ' || "<>:\"|?*\\\u007f".Contains(c);
}
