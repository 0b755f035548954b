using System.Runtime.CompilerServices;
using System.Text;

namespace Dayu.Templates;

/// <summary>One rendering: where its text goes, what the time is, and what it has used of its limits.</summary>
sealed class Run(string name, TimeProvider clock, RenderLimits limits)
{
    long steps, characters;
    int depth;

    public string Name => name;
    public TimeProvider Clock => clock;
    public RenderLimits Limits => limits;

    /// <summary>Where statements write: the finished text, or what a macro or set block collects.</summary>
    public TextBuilder Output { get; private set; } = null!;

    /// <summary>Counts work done. Every node, item and call passes here, so that every loop ends.</summary>
    public void Step(long count = 1)
    {
        if ((steps += count) > limits.Steps)
            throw new TemplateException($"the template takes more than {limits.Steps} steps; it may never end, or the limit (RenderLimits.Steps) is too small for it");
    }

    /// <summary>Counts characters about to be built; called before they are allocated.</summary>
    public void Charge(long count)
    {
        if ((characters += count) > limits.Characters)
            throw new TemplateException($"the template builds strings of more than {limits.Characters} characters in all (RenderLimits.Characters)");
        Step(count >> 5);
    }

    /// <summary>Counts a search for one text in another, which in the worst case compares every pair of their characters.</summary>
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
            : throw new TemplateException($"the template nests calls or values more than {limits.Depth} levels deep (RenderLimits.Depth)");
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
    public string Capture(Action body, long limit = long.MaxValue)
    {
        var outer = Output;
        Output = new TextBuilder(this, limit);
        try
        {
            body();
            return Output.ToString();
        }
        finally
        {
            Output = outer;
        }
    }

    /// <summary>Iterates, counting every item; <paramref name="what"/> names the asker in the error for what cannot be iterated.</summary>
    public IEnumerable<Value> Iterate(Value value, string what) =>
        Counted(value.Items ?? throw new TemplateException($"{what}: '{value.Type}' object is not iterable"));

    /// <summary><c>str(value)</c>.</summary>
    public string Text(Value value)
    {
        switch (value)
        {
            case TextValue t: return t.Text;
            case UndefinedValue: return "";
            default:
                var to = new TextBuilder(this);
                value.Show(to);
                return to.ToString();
        }
    }
}

/// <summary>Builds a string and asks the budget before it grows.</summary>
sealed class TextBuilder(Run run, long limit = long.MaxValue)
{
    readonly StringBuilder text = new();

    public Run Run => run;

    public TextBuilder Append(ReadOnlySpan<char> part)
    {
        Grow(part.Length);
        text.Append(part);
        return this;
    }

    public TextBuilder Append(char c, int count = 1)
    {
        Grow(count);
        text.Append(c, count);
        return this;
    }

    void Grow(int count)
    {
        run.Charge(count);
        if (text.Length + (long)count > limit)
            throw new TemplateException($"the rendered text is longer than {limit} characters (RenderLimits.Output)");
    }

    public override string ToString() => text.ToString();
}
