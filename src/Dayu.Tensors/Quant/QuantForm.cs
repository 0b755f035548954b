using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Dayu.Tensors;

/// <summary>
/// What the blocks of a format are made of: small integers, a scale for each group of them, sometimes a minimum. Data,
/// so that reading, rounding and kernels need not know formats by name: x[i] = Scale · Scales[i / Group] · Integers[i]
/// + Minimum · Minima[i / Group], the fields of <see cref="QuantParts"/>.
/// </summary>
public sealed class QuantForm
{
    readonly sbyte[] levels;
    readonly float least, most;
    readonly float[] middles, steps;

    /// <summary>Values that share a scale: 16 or 32.</summary>
    public int Group { get; }

    /// <summary>The integers that a value can be, ascending; at most 16 where they are not consecutive.</summary>
    public ReadOnlySpan<sbyte> Levels => levels;

    /// <summary>The levels are consecutive integers.</summary>
    public bool IsLinear { get; }

    /// <summary>Least and greatest scale of a group; (1, 1) where a block is one group.</summary>
    public (int Least, int Most) Scales { get; init; } = (1, 1);

    /// <summary>
    /// Greatest minimum of a group (the least is 0); 0 where there are none, 1 where a block has one, of any sign.
    /// </summary>
    public int Minima { get; init; }

    /// <summary>A block's scale and minimum are halves in the file, so halves hold them as they are.</summary>
    public bool HasHalves { get; init; } = true;

    /// <summary>A form with these integers.</summary>
    /// <param name="group">Values that share a scale.</param>
    /// <param name="levels">Ascending.</param>
    public QuantForm(int group, params ReadOnlySpan<sbyte> levels)
    {
        (Group, this.levels, IsLinear) = (group, levels.ToArray(), levels[^1] - levels[0] == levels.Length - 1);
        (least, most, middles, steps) = (levels[0], levels[^1], new float[levels.Length - 1], new float[levels.Length - 1]);
        for (var i = 0; i < steps.Length; i++) (middles[i], steps[i]) = ((levels[i] + levels[i + 1]) / 2f, levels[i + 1] - levels[i]);
    }

    /// <summary>All integers of a range, its ends included.</summary>
    public static sbyte[] Range(int least, int most) => [.. Enumerable.Range(least, most - least + 1).Select(i => (sbyte)i)];

    /// <summary>Where among the levels this one is.</summary>
    public int IndexOf(sbyte level)
    {
        var i = IsLinear ? level - levels[0] : Levels.IndexOf(level);
        return (uint)i < (uint)levels.Length
            ? i
            : throw new ArgumentOutOfRangeException(nameof(level), level, $"no level of this form; it has {string.Join(", ", levels)}");
    }

    /// <summary>The level next to each value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector512<float> Nearest(Vector512<float> v)
    {
        if (IsLinear) return Vector512.Min(Vector512.Max(Vector512.Round(v), Vector512.Create(least)), Vector512.Create(most));
        var level = Vector512.Create(least);
        for (var i = 0; i < steps.Length; i++) level += Vector512.GreaterThan(v, Vector512.Create(middles[i])) & Vector512.Create(steps[i]);
        return level;
    }
}
