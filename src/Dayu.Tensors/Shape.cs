using System.Runtime.CompilerServices;

namespace Dayu.Tensors;

/// <summary>The lengths of a tensor's axes, outermost first; one to four of them, kept in place.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    [InlineArray(4)]
    struct Axes { long first; }

    readonly Axes axes;

    /// <param name="lengths">One to four lengths, each at least 0.</param>
    public Shape(params ReadOnlySpan<long> lengths)
    {
        if (lengths.Length is < 1 or > 4) throw new ShapeException($"a shape has 1 to 4 axes, not {lengths.Length}");
        foreach (var n in lengths) if (n < 0) throw new ShapeException($"an axis cannot be {n} long");
        (Rank, var own) = (lengths.Length, default(Axes));
        lengths.CopyTo(own);
        axes = own;
    }

    /// <summary>Number of axes.</summary>
    public int Rank { get; }

    /// <summary>Length of one axis; <c>^1</c> is the innermost.</summary>
    public long this[Index axis] =>
        axis.GetOffset(Rank) is var i && (uint)i < (uint)Rank ? axes[i] : throw new ShapeException($"{this} has no axis {axis}");

    /// <summary>Number of values.</summary>
    public long Count
    {
        get
        {
            var n = 1L;
            for (var i = 0; i < Rank; i++) n = checked(n * axes[i]);
            return n;
        }
    }

    /// <inheritdoc/>
    public bool Equals(Shape other)
    {
        for (var i = 0; i < 4; i++) if (axes[i] != other.axes[i]) return false;
        return Rank == other.Rank;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rank, axes[0], axes[1], axes[2], axes[3]);

    /// <summary>Same lengths in the same order.</summary>
    public static bool operator ==(Shape a, Shape b) => a.Equals(b);

    /// <summary>Not the same lengths.</summary>
    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    /// <summary>As in <c>[T, C]</c>: <c>[12,576]</c>.</summary>
    public override string ToString() => $"[{string.Join(',', ((ReadOnlySpan<long>)axes)[..Rank].ToArray())}]";
}
