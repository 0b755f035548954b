namespace Dayu.Tests;

/// <summary>An error of a kind whose message says something.</summary>
public static class Throws
{
    /// <summary>Runs it; the error must be of exactly this type, and its message hold the text.</summary>
    public static void Saying<T>(string text, Action run) where T : Exception =>
        Assert.Contains(text, Assert.Throws<T>(run).Message, StringComparison.Ordinal);

    /// <inheritdoc cref="Saying{T}(string, Action)"/>
    public static void Saying<T>(string text, Func<object?> run) where T : Exception =>
        Assert.Contains(text, Assert.Throws<T>(run).Message, StringComparison.Ordinal);
}
