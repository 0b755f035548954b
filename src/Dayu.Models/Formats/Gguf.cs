using System.Numerics;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// GGUF, llama.cpp's format, versions 2 and 3: "GGUF", version, counts, metadata, directory of tensors, then the
/// tensors, each aligned. https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
/// </summary>
/// <param name="metadata">Configuration, vocabulary, chat template.</param>
/// <param name="tensors">The tensors, under the names of the file.</param>
public sealed class GgufFile(GgufMetadata metadata, TensorFile tensors) : IDisposable
{
    /// <summary>"GGUF" as the first four bytes.</summary>
    internal const uint Magic = 0x4655_4747;

    internal const int DefaultAlignment = 32;

    internal const string AlignmentKey = "general.alignment";

    /// <summary>ggml's types by number; null where a number is not used any more.</summary>
    static readonly string?[] names =
    [
        "F32", "F16", "Q4_0", "Q4_1", null, null, "Q5_0", "Q5_1", "Q8_0", "Q8_1",
        "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S",
        "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M",
        "BF16", null, null, null, "TQ1_0", "TQ2_0", null, null, null, "MXFP4",
    ];

    readonly record struct Description(string Name, uint Type, long[] Axes, ulong Offset, long At);

    /// <summary>Configuration, vocabulary, chat template.</summary>
    public GgufMetadata Metadata => metadata;

    /// <summary>
    /// The tensors, under the names of the file; those of unknown number formats are listed as unsupported.
    /// </summary>
    public TensorFile Tensors => tensors;

    /// <summary>Maps a file; all parts of one in several, whichever is named.</summary>
    /// <exception cref="FileNotFoundException">A part is missing.</exception>
    /// <exception cref="InvalidDataException">Not a sound GGUF file; says where.</exception>
    /// <exception cref="NotSupportedException">Of another version or byte order.</exception>
    public static GgufFile Open(string path)
    {
        var file = Open(new MappedFile(path));
        return GgufSplit.IsPart(file.Metadata) ? GgufSplit.Join(path, file) : file;
    }

    /// <summary>
    /// Reads a file that is mapped; it belongs to the result from now on, and is closed on error. One of several parts
    /// has its own tensors alone.
    /// </summary>
    /// <exception cref="InvalidDataException">Not a sound GGUF file; says where.</exception>
    /// <exception cref="NotSupportedException">Of another version or byte order.</exception>
    public static GgufFile Open(MappedFile file)
    {
        try { return Read(file); }
        catch { file.Dispose(); throw; }
    }

    static GgufFile Read(MappedFile file)
    {
        var cursor = new GgufCursor(file, 0);
        var magic = cursor.U32();
        if (magic != Magic) throw file.Bad(0, $"0x{magic:x8} is found where a GGUF file has 0x{Magic:x8} (\"GGUF\")");
        var version = cursor.U32();
        if (version is not (2 or 3))
            throw new NotSupportedException($"{file.Path}, byte 4: GGUF version "
                + $"{version}{(version is 0x0200_0000 or 0x0300_0000 ? " (big-endian)" : "")}; 2 and 3, little-endian, are known");
        var (tensorCount, pairCount) = (cursor.Count(32, "tensors"), cursor.Count(13, "metadata"));
        var metadata = new GgufMetadata(file, ref cursor, pairCount);
        var alignment = metadata.Int(AlignmentKey, DefaultAlignment);
        if (alignment < 1 || !BitOperations.IsPow2(alignment))
            throw new InvalidDataException($"{file.Path}: metadata '{AlignmentKey}' is {alignment}; a power of two was expected");

        var descriptions = new List<Description>();
        for (var i = 0L; i < tensorCount; i++) descriptions.Add(Describe(file, ref cursor));
        var data = Aligned(cursor.At, alignment);
        var table = new TensorTable(file);
        foreach (var d in descriptions)
        {
            if (d.Offset > (ulong)file.Length || d.Offset % (ulong)alignment != 0)
                throw file.Bad(d.At, $"tensor {MappedFile.Shown(d.Name)} starts at {d.Offset} of the data; "
                    + $"a multiple of {alignment} within the file's {file.Length} bytes was expected");
            var start = data + (long)d.Offset;
            if (Known(d.Type) is { } dtype) table.Add(d.Name, dtype, d.Axes, start, d.At);
            else
                table.AddUnsupported(d.Name, $"its number format is {NameOf(d.Type)} (ggml type {d.Type}); known: "
                    + $"{string.Join(", ", DType.Known)}", start, start, d.At);
        }
        return new(metadata, table.Build(data, gapless: false));
    }

    static Description Describe(MappedFile file, ref GgufCursor cursor)
    {
        var at = cursor.At;
        var name = cursor.Text();
        var rank = cursor.U32();
        if (rank > 4) throw file.Bad(at, $"tensor {MappedFile.Shown(name)} has {rank} axes; up to 4 were expected, none is a single value");
        var axes = new long[rank];                                    // the file has the innermost first
        for (var i = axes.Length - 1; i >= 0; i--)
        {
            var n = cursor.U64();
            axes[i] = n is >= 1 and <= long.MaxValue
                ? (long)n
                : throw file.Bad(at, $"tensor {MappedFile.Shown(name)} has an axis of {n} values; 1 or more were expected");
        }
        return new(name, cursor.U32(), axes, cursor.U64(), at);
    }

    /// <summary>The next multiple.</summary>
    internal static long Aligned(long at, int alignment) => (at + alignment - 1) / alignment * alignment;

    static DType? Known(uint type)
    {
        foreach (var d in DType.Known) if (d.GgufId == type) return d;
        return null;
    }

    static string NameOf(uint type) => type < names.Length && names[type] is { } name ? name : "unknown";

    /// <summary>Unmaps; metadata and addresses of entries must not be used any more.</summary>
    public void Dispose() => tensors.Dispose();
}
