using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dayu.Text;

/// <summary>Names of control tokens that a new tokenizer reserves.</summary>
public static class ControlTokens
{
    /// <summary>How many spare ones there are by default.</summary>
    public const int Spares = 16;

    const string EndOfText = "<|endoftext|>", Padding = "<|pad|>";

    /// <summary>
    /// The end of a text; ChatML's turns (Qwen, SmolLM); padding; thinking (DeepSeek-R1, Qwen3); calls of tools and their
    /// answers (Hermes, Qwen); gaps to fill in code.
    /// </summary>
    public static IReadOnlyList<string> Chat { get; } =
    [
        EndOfText, "<|im_start|>", "<|im_end|>", Padding,
        "<think>", "</think>",
        "<tools>", "</tools>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>",
        "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>",
    ];

    /// <summary>Those of chats, and 16 spare ones.</summary>
    public static IReadOnlyList<string> Default { get; } = [.. Chat, .. Spare(Spares)];

    /// <summary>Tokens without a meaning, which a later training may give them: <c>&lt;|spare_0|></c>.</summary>
    public static IEnumerable<string> Spare(int count) => Enumerable.Range(0, count).Select(i => $"<|spare_{i}|>");

    /// <summary>tokenizer_config.json of a tokenizer that has some of them; empty: none that it would name.</summary>
    internal static byte[] ConfigOf(SpecialTokens special)
    {
        (string Key, string Token)[] roles = [("eos_token", EndOfText), ("pad_token", Padding)];
        var said = roles.Where(r => special.IdOf(r.Token) is not null).ToArray();
        if (said.Length == 0) return [];
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
            foreach (var (key, token) in said) json.WriteString(key, token);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
