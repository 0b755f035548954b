namespace Dayu.Text;

/// <summary>Names of control tokens that a new tokenizer reserves.</summary>
public static class ControlTokens
{
    /// <summary>How many spare ones there are by default.</summary>
    public const int Spares = 16;

    /// <summary>
    /// The end of a text; ChatML's turns (Qwen, SmolLM); padding; thinking (DeepSeek-R1, Qwen3); calls of tools and their
    /// answers (Hermes, Qwen); gaps to fill in code.
    /// </summary>
    public static IReadOnlyList<string> Chat { get; } =
    [
        "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>",
        "<think>", "</think>",
        "<tools>", "</tools>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>",
        "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>",
    ];

    /// <summary>Those of chats, and 16 spare ones.</summary>
    public static IReadOnlyList<string> Default { get; } = [.. Chat, .. Spare(Spares)];

    /// <summary>Tokens without a meaning, which a later training may give them: <c>&lt;|spare_0|></c>.</summary>
    public static IEnumerable<string> Spare(int count) => Enumerable.Range(0, count).Select(i => $"<|spare_{i}|>");
}
