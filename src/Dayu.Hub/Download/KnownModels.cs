namespace Dayu.Hub;

/// <summary>
/// Small models that have short names: of families that this library runs, from the repositories of those who made them
/// or who are known for converting them.
/// </summary>
public static class KnownModels
{
    const long MB = 1_000_000;
    const string Apache = "Apache-2.0", Mit = "MIT";

    static readonly string[] english = ["en"], chinese = ["zh"], many = ["en", "zh", "mul"];

    /// <summary>All of them; the one to begin with comes first.</summary>
    public static IReadOnlyList<KnownModel> All { get; } =
    [
        Chat("qwen2.5-0.5b", "Qwen/Qwen2.5-0.5B-Instruct-GGUF:q4_k_m", 491 * MB, Cache(24, 2, 64), many),
        Chat("qwen2.5-1.5b", "Qwen/Qwen2.5-1.5B-Instruct-GGUF:q4_k_m", 1_117 * MB, Cache(28, 2, 128), many),
        Chat("qwen3-0.6b", "Qwen/Qwen3-0.6B-GGUF:Q8_0", 639 * MB, Cache(28, 8, 128), many),
        Chat("qwen3-1.7b", "Qwen/Qwen3-1.7B-GGUF:Q8_0", 1_834 * MB, Cache(28, 8, 128), many),
        Chat("smollm2-135m", "bartowski/SmolLM2-135M-Instruct-GGUF:Q8_0", 145 * MB, Cache(30, 3, 64), english),
        Chat("smollm2-360m", "HuggingFaceTB/SmolLM2-360M-Instruct-GGUF:q8_0", 386 * MB, Cache(32, 5, 64), english),
        Chat("smollm2-1.7b", "HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF:q4_k_m", 1_056 * MB, Cache(24, 32, 64), english),
        Chat("tinyllama-1.1b", "TheBloke/TinyLlama-1.1B-Chat-v1.0-GGUF:Q4_K_M", 669 * MB, Cache(22, 4, 64, 2048), english),
        new("gpt2", "openai-community/gpt2", 548 * MB, Cache(12, 12, 64, 1024), Mit, english, ModelUse.Completion),
        new("all-minilm-l6-v2", "sentence-transformers/all-MiniLM-L6-v2", 91 * MB, 0, Apache, english, ModelUse.Embedding),
        new("bge-small-zh", "BAAI/bge-small-zh-v1.5", 96 * MB, 0, Mit, chinese, ModelUse.Embedding),
        new("bert-base-chinese", "google-bert/bert-base-chinese", 412 * MB, 0, Apache, chinese, ModelUse.FillMask),
    ];

    /// <summary>The model of that short name, whatever its case; null where there is none.</summary>
    public static KnownModel? Find(string name) => All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    static KnownModel Chat(string name, string source, long bytes, long cacheBytes, string[] languages) =>
        new(name, source, bytes, cacheBytes, Apache, languages, ModelUse.Chat);

    /// <summary>Bytes of keys and values, as the model's configuration gives them, two bytes each.</summary>
    static long Cache(int layers, int kvHeads, int headSize, int tokens = 4096) => 2L * 2 * layers * kvHeads * headSize * tokens;
}
