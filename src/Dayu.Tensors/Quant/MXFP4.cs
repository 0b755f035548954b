using System.Runtime.Intrinsics;

namespace Dayu.Tensors;

/// <summary>
/// 32 four-bit floats (E2M1) and a power of two as their scale: x ≈ 2^(e − 127)·q, q = ±0, ½, 1, 1½, 2, 3, 4, 6. 17
/// bytes (ggml's <c>block_mxfp4</c>). Open Compute Project, Microscaling Formats Specification 1.0, section 5.3. The
/// integers are twice q.
/// </summary>
public struct MXFP4 : IQuantFormat<MXFP4>
{
    byte e;
    Bytes16 q;

    /// <summary>2·q of each code.</summary>
    static ReadOnlySpan<sbyte> Codes => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    /// <inheritdoc/>
    public static string Name => "mxfp4";

    /// <inheritdoc/>
    public static int GgufId => 39;

    /// <inheritdoc/>
    public static int Values => 32;

    /// <inheritdoc/>
    public static QuantForm Form { get; } = new(32, -12, -8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8, 12) { HasHalves = false };

    /// <inheritdoc/>
    public static void TakeApart(in MXFP4 block, ref QuantParts parts)
    {
        (parts.Scale, parts.Minimum, parts.Scales[0], parts.Minima[0]) = (block.e == 255 ? float.NaN : Power(block.e), 0, 1, 0);
        parts.Integers.Clear();
        BitFields.AddTo(parts.Integers, block.q, bits: 4, width: 16);
        BitFields.LookUp(parts.Integers, Codes);
    }

    /// <inheritdoc/>
    public static void PutTogether(in QuantParts parts, out MXFP4 block)
    {
        block = new() { e = float.IsFinite(parts.Scale) ? (byte)(float.ILogB(parts.Scale) + 128) : (byte)255 };
        foreach (ref var q in parts.Integers) q = (sbyte)Codes.IndexOf(q);
        BitFields.Write(parts.Integers, 0, block.q, bits: 4, width: 16);
    }

    /// <summary>Tries the powers with which the largest value is 8 to 15 or 4 to 7, and those about them.</summary>
    public static void Fit(ReadOnlySpan<float> x, ref QuantParts parts)
    {
        QuantSearch.Begin(Form, ref parts);
        var largest = 0f;
        foreach (var v in x)
        {
            if (!float.IsFinite(v)) return;
            largest = MathF.Max(largest, MathF.Abs(v));
        }
        var (best, middle) = (float.PositiveInfinity, largest == 0 ? 0 : float.ILogB(largest) + 128 - 3);
        Span<float> powers = stackalloc float[8], errors = stackalloc float[8], minima = stackalloc float[8];
        var count = 0;
        // 2^-128 has no inverse
        for (var e = Math.Max(middle - 2, 1); e <= Math.Clamp(middle + 2, 1, 254); e++) powers[count++] = Power(e);
        for (var i = 0; i < count; i += 4) QuantSearch.Errors(Form, x, powers[i..], minima[i..]).CopyTo(errors[i..]);
        for (var i = 0; i < count; i++) if (errors[i] < best) (best, parts.Scale) = (errors[i], powers[i]);
        QuantSearch.Round(Form, x, ref parts);
    }

    /// <summary>2^(e − 128).</summary>
    static float Power(int e) => MathF.ScaleB(1, e - 128);
}
