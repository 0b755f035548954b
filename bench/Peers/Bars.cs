namespace Dayu.Bench;

/// <summary>What is to be reached, as a multiple of llama.cpp's speed in the same run.</summary>
internal static class Bars
{
    /// <summary>
    /// A part of a memory read that answering may reach: the bar where memory, not the peer, is the limit.
    /// </summary>
    public const double OfMemory = 0.88;

    static readonly (string Family, int Width, string Format, string Test, int Depth, int Batch, double Ratio)[] all =
    [
        ("qwen2", 896, "q8_0", "pp", 0, 1, 2.5), ("qwen2", 896, "q4_0", "pp", 0, 1, 2.0), ("qwen2", 896, "bf16", "pp", 0, 1, 2.5),
        ("qwen2", 896, "q8_0", "tg", 0, 1, 1.4), ("qwen2", 896, "q4_0", "tg", 0, 1, 1.3), ("qwen2", 896, "bf16", "tg", 0, 1, 1.0),
        ("qwen2", 896, "q8_0", "tg", 0, 8, 2.5), ("qwen2", 896, "q4_0", "tg", 0, 8, 2.0),
        ("llama", 576, "q4_1", "pp", 0, 1, 4.0), ("llama", 576, "q4_1", "tg", 0, 1, 2.2),
        ("llama", 576, "q4_1", "tg", 512, 1, 2.2), ("llama", 576, "q4_1", "tg", 0, 8, 3.0),
        ("llama", 576, "q8_0", "pp", 0, 1, 2.5), ("llama", 576, "q8_0", "tg", 0, 1, 1.5),
        ("llama", 2048, "q4_k", "pp", 0, 1, 1.5), ("llama", 2048, "q4_k", "tg", 0, 1, 1.2),
        ("llama", 2048, "q6_k", "pp", 0, 1, 1.5), ("llama", 2048, "q6_k", "tg", 0, 1, 1.2),
        ("llama", 2048, "q2_k", "pp", 0, 1, 1.5), ("llama", 2048, "q2_k", "tg", 0, 1, 1.2),
        ("llama", 2048, "iq4_nl", "pp", 0, 1, 1.5), ("llama", 2048, "iq4_nl", "tg", 0, 1, 1.2),
    ];

    /// <summary>Seconds until the first token can be read, at most; null: none are set.</summary>
    public static double? Ready(ModelKind model) =>
        (model.Family, model.Width, model.Format) switch { ("llama", 576, _) => 0.12, ("qwen2", 896, "q8_0") => 0.3, _ => null };

    /// <summary>Private memory at most, MiB.</summary>
    public static double Memory(ModelKind model) => (1.15 * model.Bytes + 80e6) / (1 << 20);

    /// <summary>The bar of a test; null: none is set.</summary>
    public static double? Of(ModelKind model, string test, int depth, int batch) =>
        For(model).Where(b => (b.Depth, b.Batch) == (depth, batch) && test.StartsWith(b.Test, StringComparison.Ordinal))
            .Select(b => (double?)b.Ratio).FirstOrDefault();

    /// <summary>
    /// Depths, and numbers of sequences, that a model has bars for beyond the plain ones; after the longest it is
    /// compared with itself.
    /// </summary>
    public static int[] Depths(ModelKind model) =>
        [
            .. For(model).Select(b => b.Depth).Where(d => d > 0),
            .. model is { Family: "llama", Width: 576, Format: "q4_1" } ? [4096] : Array.Empty<int>(),
        ];

    /// <inheritdoc cref="Depths"/>
    public static int[] Batches(ModelKind model) => [.. For(model).Select(b => b.Batch).Where(b => b > 1)];

    static IEnumerable<(string Family, int Width, string Format, string Test, int Depth, int Batch, double Ratio)> For(ModelKind model) =>
        all.Where(b => (b.Family, b.Width, b.Format) == (model.Family, model.Width, model.Format));
}

/// <summary>What a model is, as <c>dayu show</c> tells.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Family">Its family.</param>
/// <param name="Width">Values of a hidden state.</param>
/// <param name="Format">The number format of most of its tensors.</param>
/// <param name="Bytes">Size.</param>
internal sealed record ModelKind(string Name, string Family, int Width, string Format, long Bytes);
