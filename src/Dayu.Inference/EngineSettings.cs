using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>More tokens were asked for than a model was made to read.</summary>
/// <param name="context">Tokens asked for.</param>
/// <param name="most">Tokens that the model can read.</param>
public sealed class ContextTooLargeException(int context, int most)
    : ArgumentException($"a context of {context} tokens was asked for; this model can read {most}")
{
    /// <summary>Tokens asked for.</summary>
    public int Context => context;

    /// <summary>Tokens that the model can read.</summary>
    public int Most => most;
}

/// <summary>How models are computed with: what a command line and a server are both told.</summary>
public sealed record EngineSettings
{
    const int LongestWindow = 2048;

    /// <summary>Names of precisions: products may round their operands where that is faster; or nothing is rounded.</summary>
    public static IReadOnlyList<string> Precisions { get; } = ["fast", "exact"];

    /// <summary>Names of number formats that keys and values of past tokens can be kept in.</summary>
    public static IReadOnlyList<string> CacheFormats { get; } = [.. Op.CacheFormats.Select(f => f.Name)];

    /// <summary>Threads to compute with; 0: one for each core.</summary>
    public int Threads { get; init; }

    /// <summary>One of <see cref="Precisions"/>.</summary>
    public string Precision { get; init; } = "fast";

    /// <summary>Whether activations stay float32.</summary>
    public bool IsExact => Precision == "exact";

    /// <summary>Tokens that a sequence has room for; null: the model's own limit, up to 8,192.</summary>
    public int? Context { get; init; }

    /// <summary>One of <see cref="CacheFormats"/>; null: the one the backend likes.</summary>
    public string? Cache { get; init; }

    /// <summary>The same as a number format.</summary>
    public DType? CacheFormat => Cache is null ? null : DType.Named(Cache);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message names it, its value and what is
    /// allowed.</exception>
    public EngineSettings Checked()
    {
        if (Threads < 0) throw new ArgumentException($"threads is {Threads}; it can be 0 (one for each core) or more");
        if (Context < 1) throw new ArgumentException($"context is {Context}; it can be 1 or more");
        if (!Precisions.Contains(Precision))
            throw new ArgumentException($"precision is {Precision}; it can be {string.Join(", ", Precisions)}");
        if (Cache is not null && !CacheFormats.Contains(Cache))
            throw new ArgumentException($"cache is {Cache}; it can be {string.Join(", ", CacheFormats)}");
        return this;
    }

    /// <summary>Tokens that a sequence has room for with a model; null: what a session takes by itself.</summary>
    /// <param name="most">Tokens that the model can read.</param>
    /// <exception cref="ContextTooLargeException">More are asked for.</exception>
    public int? ContextWithin(int most) => Context > most ? throw new ContextTooLargeException(Context.Value, most) : Context;

    /// <summary>Tokens of a window that a text is scored in: the context where it is set, else up to 2,048.</summary>
    /// <param name="most">Tokens that the model can read.</param>
    /// <exception cref="ContextTooLargeException">More are asked for.</exception>
    public int WindowWithin(int most) => ContextWithin(most) ?? Math.Min(most, LongestWindow);
}
