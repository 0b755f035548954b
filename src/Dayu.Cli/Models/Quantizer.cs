using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>A GGUF file with its weight matrices in another number format. Tensors pass through one after another, their rows in parallel: memory holds a piece of one.</summary>
/// <param name="file">What is read.</param>
/// <param name="to">The format of matrices.</param>
sealed unsafe class Quantizer(GgufFile file, DType to)
{
    const int PieceValues = 1 << 22;

    /// <summary>Read by other means than a multiplication, so that readers expect them as they are: positions, kinds of segments, the choice of experts.</summary>
    static readonly string[] untouched = ["position_embd", "token_types", "ffn_gate_inp"];

    /// <summary>llama.cpp's <c>llama_ftype</c>: what the file is mostly in.</summary>
    static readonly Dictionary<string, int> fileTypes = new()
    {
        ["f32"] = 0, ["f16"] = 1, ["q4_0"] = 2, ["q4_1"] = 3, ["q8_0"] = 7, ["q5_0"] = 8, ["q5_1"] = 9, ["q2_k"] = 10, ["q3_k"] = 12, ["q4_k"] = 15, ["q5_k"] = 17, ["q6_k"] = 18, ["iq4_nl"] = 25, ["bf16"] = 32, ["mxfp4"] = 38,
    };

    /// <summary>What llama.cpp takes where a row is no whole number of 256 values but one of 32.</summary>
    static readonly Dictionary<string, string> smaller = new() { ["q2_k"] = "iq4_nl", ["q3_k"] = "iq4_nl", ["q4_k"] = "q5_0", ["q5_k"] = "q5_1", ["q6_k"] = "q8_0" };

    readonly List<(string, long, DType)> fallbacks = [];
    long done;

    /// <summary>Matrices whose rows are no whole number of blocks, how long these are, and the format they get instead.</summary>
    public IReadOnlyList<(string Name, long Width, DType DType)> Fallbacks => fallbacks;

    /// <summary>How many tensors get the new format.</summary>
    public int Encoded { get; private set; }

    /// <summary>Writes the new file: whole, or not at all.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="report">Told of values done, of how many.</param>
    /// <param name="cancel">Stops it; nothing is left behind.</param>
    /// <exception cref="NotSupportedException">A tensor is in a format that this build cannot read.</exception>
    public void Save(string path, Action<long, long> report, CancellationToken cancel)
    {
        foreach (var (name, why) in file.Tensors.Unsupported) throw new NotSupportedException($"{file.Tensors.Name}: tensor {MappedFile.Shown(name)} cannot be read: {why}");
        var writer = new GgufWriter();
        foreach (var key in file.Metadata.Keys)
            if (key is not ("general.file_type" or "general.quantization_version")) writer.Copy(key, file.Metadata);
        if (fileTypes.TryGetValue(to.Name, out var type)) writer.Add("general.file_type", type);
        if (to.IsQuantised) writer.Add("general.quantization_version", 2);
        var all = file.Tensors.Entries.Values.Sum(t => t.Shape.Count);
        foreach (var tensor in file.Tensors.Entries.Values)
        {
            var target = Target(tensor);
            writer.Add(new TensorSource(tensor.Name, target, tensor.Shape, stream => Write(tensor, target, stream, () => report(done, all), cancel)));
        }
        writer.Save(path);
    }

    /// <summary>The format that a tensor gets.</summary>
    DType Target(TensorEntry t)
    {
        if (t.Shape.Rank < 2) return t.DType.IsQuantised || t.DType == DType.I32 ? t.DType : DType.F32;
        if (t.DType == DType.I32 || untouched.Any(part => t.Name.Contains(part, StringComparison.Ordinal))) return t.DType;
        Encoded++;
        if (t.Shape[^1] % to.BlockValues == 0) return to;
        var other = smaller.TryGetValue(to.Name, out var name) && DType.Named(name) is var d && t.Shape[^1] % d.BlockValues == 0 ? d : DType.F16;
        fallbacks.Add((t.Name, t.Shape[^1], other));
        return other;
    }

    void Write(TensorEntry t, DType target, Stream stream, Action report, CancellationToken cancel)
    {
        var (width, rows) = (checked((int)t.Shape[^1]), t.Shape.Count / t.Shape[^1]);
        var (rowIn, rowOut) = (t.DType.BytesFor(width), checked((int)target.BytesFor(width)));
        var most = (int)Math.Clamp(PieceValues / width, 1, rows);
        var piece = new byte[(long)most * rowOut];
        for (var first = 0L; first < rows; first += most)
        {
            cancel.ThrowIfCancellationRequested();
            var count = (int)Math.Min(most, rows - first);
            var from = first;
            Parallel.For(0, count, () => new float[width], (r, _, values) =>
            {
                var source = new ReadOnlySpan<byte>((byte*)t.Address + (from + r) * rowIn, (int)rowIn);
                var row = piece.AsSpan(r * rowOut, rowOut);
                if (target == t.DType) source.CopyTo(row);
                else
                {
                    t.DType.Decode(source, values);
                    target.Encode(values, row);
                }
                return values;
            }, _ => { });
            stream.Write(piece, 0, count * rowOut);
            done += (long)count * width;
            report();
        }
    }
}
