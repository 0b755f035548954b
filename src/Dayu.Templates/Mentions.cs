namespace Dayu.Templates;

/// <summary>
/// Notes which names the part of a template that is being parsed mentions: a macro accepts only what its body uses.
/// </summary>
sealed class Mentions
{
    readonly Stack<HashSet<string>> parts = new();

    public string Add(string name)
    {
        foreach (var part in parts)
            part.Add(name);
        return name;
    }

    /// <summary>What is parsed, and the names in it.</summary>
    public (T Result, HashSet<string> Names) In<T>(Func<T> parse)
    {
        parts.Push([]);
        var result = parse();
        return (result, parts.Pop());
    }
}
