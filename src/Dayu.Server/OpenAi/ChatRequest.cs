using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Server;

/// <summary>A request for a chat's next turn: OpenAI's <c>POST /v1/chat/completions</c>.</summary>
/// <param name="Wish">What it comes to.</param>
/// <param name="IsStreamed">Whether it is answered in events.</param>
/// <param name="TellsUsage">Whether the last event counts tokens.</param>
/// <param name="TellsProbs">Whether each token's probability is told.</param>
sealed record ChatRequest(Wish Wish, bool IsStreamed, bool TellsUsage, bool TellsProbs)
{
    const int MostTop = 20, LastTokens = 16;

    /// <summary>Reads it.</summary>
    /// <exception cref="ApiError">A field is wrong, or asks for what is not there.</exception>
    public static ChatRequest Read(RequestFields fields, HostedModel model, ServerSettings settings)
    {
        SamplingFields.Refuse(fields, "tools", "functions", "audio", "prediction", "web_search_options");
        RefuseChoiceOfTools(fields);
        RefuseFormat(fields);
        var probs = Probs(fields);
        var (most, older) = (fields.Integer("max_completion_tokens", 1, int.MaxValue), fields.Integer("max_tokens", 1, int.MaxValue));
        var choices = fields.Integer("n", 1, settings.MostChoices) ?? 1;
        var answer = SamplingFields.Read(fields, model, settings.Luck(), most ?? older, probs);
        var prompt = ChatPrompts.Of(fields, model, settings.Clock).Prompt();
        var thinks = model.Text.HasTemplate && ReasoningSplitter.Begins(model.Text.Tokenizer.Decode(prompt.TakeLast(LastTokens)));
        var stream = fields.Flag("stream") ?? false;
        var options = fields.Object("stream_options");
        if (options is not null && !stream) throw ApiError.Wrong("stream_options", "stream_options is only for answers with stream: true");
        return new(new(prompt, answer with { Reasoning = () => new(thinks) }, choices), stream,
            options?.Flag("include_usage") ?? false, probs is not null);
    }

    static int? Probs(RequestFields fields)
    {
        var (wanted, top) = (fields.Flag("logprobs") ?? false, fields.Integer("top_logprobs", 0, MostTop));
        if (top > 0 && !wanted) throw ApiError.Wrong("top_logprobs", "top_logprobs is only for answers with logprobs: true");
        return wanted ? top ?? 0 : null;
    }

    static void RefuseChoiceOfTools(RequestFields fields)
    {
        if (fields.Any("tool_choice") is not { } choice) return;
        if (choice.ValueKind == JsonValueKind.String && choice.GetString() is "none" or "auto") return;
        throw ApiError.Wrong("tool_choice", "tool_choice asks for a tool; tools are not supported yet: leave it out", "unsupported");
    }

    static void RefuseFormat(RequestFields fields)
    {
        if (fields.Object("response_format") is not { } format) return;
        if (format.Needed("type") is var type and not "text")
            throw ApiError.Wrong("response_format.type",
                $"response_format.type is \"{(type is "json_schema" or "json_object" ? type : "unknown")}\"; only text is supported yet, "
                + "and nothing is accepted that would not be kept", "unsupported");
    }
}

/// <summary>From messages to the prompt of a model.</summary>
static class ChatPrompts
{
    /// <summary>The conversation that a request has.</summary>
    public static Conversation Of(RequestFields fields, HostedModel model, TimeProvider clock)
    {
        var conversation = new Conversation(model.Pretrained, clock);
        foreach (var message in ChatMessages.Read(fields)) conversation.Messages.Add(message);
        conversation.Options = Options(fields);
        return conversation;
    }

    /// <summary>What else the template is told: whether the model is to think.</summary>
    static JsonObject? Options(RequestFields fields)
    {
        var options = fields.Copy("chat_template_kwargs");
        if (fields.Text("reasoning_effort") is { } effort)
        {
            options ??= [];
            options.TryAdd("reasoning_effort", effort);
            options.TryAdd("enable_thinking", effort is not ("none" or "minimal"));
        }
        return options;
    }
}
