namespace Dayu.Tests;

/// <summary>
/// How large a proof is. <c>dotnet test</c> runs a small one with a fixed seed, in minutes; with DAYU_LONG=1 the same
/// proof runs at full size.
/// </summary>
public static class Sizes
{
    /// <summary>Whether full sizes were asked for.</summary>
    public static bool Long { get; } = Environment.GetEnvironmentVariable("DAYU_LONG") == "1";

    /// <summary>A number of cases, a width, a depth.</summary>
    public static T Of<T>(T small, T full) => Long ? full : small;
}
