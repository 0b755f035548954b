using System.Text.Json.Nodes;

namespace Dayu.Server;

/// <summary>Tokens of an answer.</summary>
/// <param name="Prompt">Read.</param>
/// <param name="Cached">Of these, what need not be computed.</param>
/// <param name="Completion">Written, of all choices.</param>
/// <param name="Reasoning">Of these, what was thought.</param>
sealed record Usage(int Prompt, int Cached, int Completion, int Reasoning)
{
    /// <summary>As OpenAI writes it.</summary>
    public JsonObject ToJson() => new()
    {
        ["prompt_tokens"] = Prompt, ["completion_tokens"] = Completion, ["total_tokens"] = Prompt + Completion,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = Cached, ["audio_tokens"] = 0 },
        ["completion_tokens_details"] = new JsonObject
        {
            ["reasoning_tokens"] = Reasoning, ["audio_tokens"] = 0, ["accepted_prediction_tokens"] = 0, ["rejected_prediction_tokens"] = 0,
        },
    };
}
