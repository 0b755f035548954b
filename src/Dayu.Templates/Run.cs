using System.Runtime.CompilerServices;

namespace Dayu.Templates;

/// <summary>One rendering: where its text goes, what the time is, and what it has used of its limits.</summary>
sealed class Run(string name, TimeProvider clock, RenderLimits limits)
{
    long steps, characters;
    int depth;
    Random? chance;

    /// <summary>A run without limits, for what comes from the caller and not from a template.</summary>
    public static Run Unbounded(string name) =>
        new(name, TimeProvider.System, new(long.MaxValue, int.MaxValue, long.MaxValue, int.MaxValue));

    public string Name => name;
    public TimeProvider Clock => clock;

    /// <summary>The names of the template's top level, which its blocks see.</summary>
    public Scope Top { get; init; } = new(null);

    /// <summary>
    /// Chance, for <c>random</c> and <c>lipsum</c>: seeded with the clock's time, so the same time gives the same.
    /// </summary>
    public Random Chance => chance ??= new(clock.GetUtcNow().Ticks.GetHashCode());

    /// <summary>Whether what is printed here is escaped for HTML (<c>autoescape</c>).</summary>
    public bool Escapes { get; private set; }

    /// <summary>Where statements write: the finished text, or what a macro or set block collects.</summary>
    public TextBuilder Output { get; private set; } = null!;

    /// <summary>Counts work done. Every node, item and call passes here, so that every loop ends.</summary>
    public void Step(long count = 1)
    {
        if ((steps += count) > limits.Steps)
            throw new TemplateException($"the template takes more than {limits.Steps} steps; "
                + "it may never end, or the limit (RenderLimits.Steps) is too small for it");
    }

    /// <summary>Counts characters about to be built; called before they are allocated.</summary>
    public void Charge(long count)
    {
        if ((characters += count) > limits.Characters)
            throw new TemplateException(
                $"the template builds strings of more than {limits.Characters} characters in all (RenderLimits.Characters)");
        Step(count >> 5);
    }

    /// <summary>
    /// Counts a search for one text in another, which in the worst case compares every pair of their characters.
    /// </summary>
    public void Search(string text, string part) => Step(1 + (text.Length >> 5) + ((long)text.Length * part.Length >> 12));

    /// <summary>Python's <c>==</c>.</summary>
    public bool Same(Value a, Value b)
    {
        Step(Math.Min(a.Weight, b.Weight));
        return a.Equals(b);
    }

    /// <summary>The value as key of a dict or member of a set: hashed, and so paid for.</summary>
    public Value Key(Value value)
    {
        Step(value.Weight);
        return value;
    }

    /// <summary>Everything that iterating gives, as a list of this kind.</summary>
    public SequenceValue List(IEnumerable<Value> items, SequenceKind kind = SequenceKind.List) => new([.. Counted(items)], kind);

    IEnumerable<Value> Counted(IEnumerable<Value> items)
    {
        foreach (var item in items)
        {
            Step();
            yield return item;
        }
    }

    /// <summary>One level further down, until the result is disposed.</summary>
    public Level Deeper()
    {
        CheckStack();
        return ++depth <= limits.Depth ? new(this)
            : throw new TemplateException(
                $"the template nests calls or values more than {limits.Depth} levels deep (RenderLimits.Depth)");
    }

    public readonly struct Level(Run run) : IDisposable
    {
        public void Dispose() => run.depth--;
    }

    /// <summary>Says so, while there is still room to, before a deep tree overflows the stack.</summary>
    public static void CheckStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException("the template, or a value in it, is nested too deeply");
    }

    /// <summary>The text that running <paramref name="body"/> writes.</summary>
    public AuthoredText Capture(Action body, long limit = long.MaxValue)
    {
        var outer = Output;
        Output = new TextBuilder(this, limit: limit);
        try
        {
            body();
            return Output.ToText();
        }
        finally
        {
            Output = outer;
        }
    }

    /// <summary>Runs <paramref name="body"/> with <c>autoescape</c> on or off.</summary>
    public Flow Escaping(bool on, Func<Flow> body)
    {
        bool outer = Escapes;
        Escapes = on;
        try
        {
            return body();
        }
        finally
        {
            Escapes = outer;
        }
    }

    /// <summary>
    /// Iterates, counting every item; <paramref name="what"/> names the asker in the error for what cannot be iterated.
    /// </summary>
    public IEnumerable<Value> Iterate(Value value, string what) =>
        Counted(value.Items ?? throw new TemplateException($"{what}: '{value.Type}' object is not iterable"));

    /// <summary><c>str(value)</c>.</summary>
    public AuthoredText Text(Value value) => value switch
    {
        TextValue t => t.Authored,
        UndefinedValue => AuthoredText.Empty,
        _ => Repr(value),
    };

    /// <summary><c>repr(value)</c>.</summary>
    /// <param name="value">What to write.</param>
    /// <param name="author">Who writes what is not a string's own text: brackets, quotes, numbers.</param>
    public AuthoredText Repr(Value value, Author author = Author.Template)
    {
        var to = new TextBuilder(this, author);
        value.Show(to);
        return to.ToText();
    }
}
