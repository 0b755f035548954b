using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Dayu.Tensors;

/// <summary>
/// A shape or number format that an op cannot take. The message names the op, what was found and what was expected.
/// </summary>
public sealed class ShapeException(string message) : ArgumentException(message);

/// <summary>A number that a number format cannot say: too large, or not finite.</summary>
public sealed class FormatRangeException(string message) : ArithmeticException(message);

/// <summary>Every check of shapes and number formats; the messages are here, the ops stay short.</summary>
[StackTraceHidden]
static class Check
{
    public static void Same(
        string op, Tensor a, Tensor b,
        [CallerArgumentExpression(nameof(a))] string an = "", [CallerArgumentExpression(nameof(b))] string bn = "")
    {
        if (a.Shape != b.Shape) Fail($"{op}: {an} {a.Shape} and {bn} {b.Shape} must have the same shape");
    }

    public static void Width(string op, Tensor x, long expected, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.Shape[^1] != expected) Fail($"{op}: the last axis of {name} {x.Shape} is {x.Shape[^1]} long, expected {expected}");
    }

    public static void Rows(string op, Tensor x, long expected, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.Rows != expected) Fail($"{op}: {name} {x.Shape} has {x.Rows} rows, expected {expected}");
    }

    public static void Vector(string op, Tensor x, long expected, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.Shape.Rank != 1 || x.Shape[0] != expected) Fail($"{op}: {name} is {x.Shape}, expected [{expected}]");
        Floats(op, x);
    }

    /// <summary>
    /// Activations, gradients and vectors are float32: a kernel would read anything else as garbage, and beyond its
    /// end.
    /// </summary>
    public static void Floats(string op, Tensor a, Tensor? b = null, Tensor? c = null)
    {
        foreach (var x in (ReadOnlySpan<Tensor?>)[a, b, c])
            if (x is not null && x.DType != DType.F32)
                Fail($"{op}: {x} is given where float32 numbers are computed with; "
                    + "decode it first (ToArray, Set), or let Op.MatMul or Op.Gather read it");
    }

    public static void Cache(string op, Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (!Op.CacheFormats.Contains(x.DType)) Fail($"{op}: {name} is {x}, expected one of {string.Join(", ", Op.CacheFormats)}");
    }

    public static void Ints(string op, Tensor x, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.DType != DType.I32 || x.Shape.Rank != 1) Fail($"{op}: {name} is {x}, expected a vector of integers (i32)");
    }

    public static void Type(string op, Tensor x, DType expected, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        if (x.DType != expected) Fail($"{op}: {name} is {x.DType}, expected {expected}");
    }

    public static void Count(Tensor x, long found)
    {
        if (x.Shape.Count != found) Fail($"{x} holds {x.Shape.Count} values, not {found}");
    }

    public static void That(bool holds, string op, [InterpolatedStringHandlerArgument(nameof(holds))] Message message)
    {
        if (!holds) Fail($"{op}: {message.ToString()}");
    }

    /// <summary>Text that is only put together when it is needed.</summary>
    [InterpolatedStringHandler]
    public ref struct Message
    {
        DefaultInterpolatedStringHandler text;

        public Message(int literal, int formatted, bool holds, out bool wanted)
        {
            wanted = !holds;
            text = wanted ? new(literal, formatted) : default;
        }

        public void AppendLiteral(string s) => text.AppendLiteral(s);
        public void AppendFormatted<T>(T value) => text.AppendFormatted(value);
        public override string ToString() => text.ToStringAndClear();
    }

    [DoesNotReturn]
    static void Fail(string message) => throw new ShapeException(message);
}
