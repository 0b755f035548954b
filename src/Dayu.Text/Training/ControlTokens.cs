namespace Dayu.Text;

/// <summary>Names of control tokens that a new tokenizer reserves.</summary>
public static class ControlTokens
{
    /// <summary>
    /// The end of a text; ChatML's turns (Qwen, SmolLM); thinking (DeepSeek-R1, Qwen3); calls of tools and their answers
    /// (Hermes, Qwen); gaps to fill in code; and 16 spare ones that a later training may give a meaning.
    /// </summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>",
        "<think>", "</think>",
        "<tools>", "</tools>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>",
        "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>",
        .. Enumerable.Range(0, 16).Select(i => $"<|spare_{i}|>"),
    ];
}
