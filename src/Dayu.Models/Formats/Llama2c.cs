using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// llama2.c's first checkpoint format (<c>.bin</c>): seven integers, then every weight in float32 in a fixed order
/// without names. https://github.com/karpathy/llama2.c. The tensors get Hugging Face's names and the header becomes
/// Hugging Face's config, so that it is a Llama like any other but for <see cref="RopePairsInterleaved"/>.
/// </summary>
/// <param name="config">As <c>config.json</c> would be.</param>
/// <param name="tensors">As <c>model.safetensors</c> would be.</param>
internal sealed class Llama2c(JsonObject config, TensorFile tensors) : IDisposable
{
    const int HeaderBytes = 28;

    /// <summary>The header. A negative vocabulary size says that the output head has its own weights.</summary>
    readonly record struct Header(int Dim, int HiddenDim, int Layers, int Heads, int KvHeads, int Vocab, int Positions, bool OwnHead)
    {
        public int HeadSize => Dim / Heads;
        public int KvDim => HeadSize * KvHeads;
        public bool IsPlausible => Dim > 0 && HiddenDim > 0 && Layers > 0 && Heads > 0 && KvHeads > 0 && Vocab > 0 && Positions > 0
            && Dim % Heads == 0 && Heads % KvHeads == 0 && HeadSize % 2 == 0;
        public Int128 FileBytes => HeaderBytes + 4 * ((Int128)Vocab * Dim * (OwnHead ? 2 : 1)
            + Layers * ((Int128)2 * Dim + (Int128)2 * Dim * Dim + (Int128)2 * Dim * KvDim + (Int128)3 * Dim * HiddenDim)
            + Dim + (Int128)Positions * HeadSize);                    // the last: rope's tables, cos and sin, which are not used
    }

    /// <summary>As <c>config.json</c> would be.</summary>
    public JsonObject Config => config;

    /// <summary>As <c>model.safetensors</c> would be.</summary>
    public TensorFile Tensors => tensors;

    /// <summary>
    /// Query and key rows lie in Meta's order: rope turns rows 2i and 2i + 1 of a head together, where Hugging Face's
    /// Llama turns i and i + half. Whoever loads them permutes the rows, as for GGUF.
    /// </summary>
    public bool RopePairsInterleaved => true;

    /// <summary>Maps a file.</summary>
    /// <exception cref="InvalidDataException">The header makes no sense, or the size of the file is not what it asks
    /// for.</exception>
    public static Llama2c Open(string path) => Open(new MappedFile(path));

    /// <summary>Reads a file that is mapped; it belongs to the result from now on, and is closed on error.</summary>
    /// <exception cref="InvalidDataException">The header makes no sense, or the size of the file is not what it asks
    /// for.</exception>
    public static Llama2c Open(MappedFile file)
    {
        try { return Read(file); }
        catch { file.Dispose(); throw; }
    }

    /// <summary>Whether the header makes sense; and how long it says the file is.</summary>
    internal static bool Recognises(MappedFile file, out Int128 expected)
    {
        var header = file.Length < HeaderBytes ? default : ReadHeader(file);
        expected = header.IsPlausible ? header.FileBytes : 0;
        return header.IsPlausible;
    }

    static Header ReadHeader(MappedFile file)
    {
        var cursor = new GgufCursor(file, 0);
        var (dim, hidden, layers) = ((int)cursor.U32(), (int)cursor.U32(), (int)cursor.U32());
        var (heads, kv, vocab, positions) = ((int)cursor.U32(), (int)cursor.U32(), (int)cursor.U32(), (int)cursor.U32());
        return new(dim, hidden, layers, heads, kv, vocab < 0 ? unchecked(-vocab) : vocab, positions, vocab < 0);
    }

    static Llama2c Read(MappedFile file)
    {
        var h = ReadHeader(file);
        if (!h.IsPlausible)
            throw file.Bad(0, $"no llama2.c header: width {h.Dim}, inner width {h.HiddenDim}, {h.Layers} layers, "
                + $"{h.Heads} heads, {h.KvHeads} of keys, {h.Vocab} words, {h.Positions} positions; "
            + "numbers above 0 were expected, the width an even multiple of the heads, and these a multiple of those of keys");
        if (h.FileBytes != file.Length)
            throw file.Bad(0, $"this llama2.c header asks for {h.FileBytes} bytes, the file has {file.Length}; is it cut off?");
        return new(ConfigOf(h), TensorsOf(h, file));
    }

    static JsonObject ConfigOf(Header h) => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["hidden_size"] = h.Dim,
        ["intermediate_size"] = h.HiddenDim,
        ["num_hidden_layers"] = h.Layers,
        ["num_attention_heads"] = h.Heads,
        ["num_key_value_heads"] = h.KvHeads,
        ["head_dim"] = h.HeadSize,
        ["vocab_size"] = h.Vocab,
        ["max_position_embeddings"] = h.Positions,
        ["rms_norm_eps"] = 1e-5,
        ["rope_theta"] = 10000.0,
        ["hidden_act"] = "silu",
        ["tie_word_embeddings"] = !h.OwnHead,
    };

    static TensorFile TensorsOf(Header h, MappedFile file)
    {
        var (table, at) = (new TensorTable(file), (long)HeaderBytes);
        One("model.embed_tokens.weight", h.Vocab, h.Dim);
        EachLayer("input_layernorm.weight", h.Dim);
        EachLayer("self_attn.q_proj.weight", h.Dim, h.Dim);
        EachLayer("self_attn.k_proj.weight", h.KvDim, h.Dim);
        EachLayer("self_attn.v_proj.weight", h.KvDim, h.Dim);
        EachLayer("self_attn.o_proj.weight", h.Dim, h.Dim);
        EachLayer("post_attention_layernorm.weight", h.Dim);
        EachLayer("mlp.gate_proj.weight", h.HiddenDim, h.Dim);
        EachLayer("mlp.down_proj.weight", h.Dim, h.HiddenDim);
        EachLayer("mlp.up_proj.weight", h.HiddenDim, h.Dim);
        One("model.norm.weight", h.Dim);
        at += 4L * h.Positions * h.HeadSize;
        if (h.OwnHead) One("lm_head.weight", h.Vocab, h.Dim);
        return table.Build(HeaderBytes, gapless: false);

        void One(string name, params ReadOnlySpan<long> axes) => at = table.Add(name, DType.F32, axes, at, 0);
        void EachLayer(string name, params ReadOnlySpan<long> axes)
        {
            for (var layer = 0; layer < h.Layers; layer++) One($"model.layers.{layer}.{name}", axes);
        }
    }

    /// <summary>Unmaps; addresses of entries must not be used any more.</summary>
    public void Dispose() => tensors.Dispose();
}
