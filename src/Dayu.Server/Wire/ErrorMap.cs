using Dayu.Hub;
using Dayu.Inference;
using Dayu.Templates;
using Dayu.Tensors;
using Microsoft.AspNetCore.Http;

namespace Dayu.Server;

/// <summary>What is told of what went wrong.</summary>
static class ErrorMap
{
    const string Request = "invalid_request_error";

    /// <summary>An error for the client. What should not have happened is told without its inside, which goes to the log.</summary>
    public static ApiError Of(Exception e) => e switch
    {
        ApiError a => a,
        EngineBusyException b => ApiError.Busy(b.Message, b.RetryAfter),
        ModelMemoryException m => ApiError.Busy(m.Message + (m.MayFitLater ? "; other models are in use"
            : "; use a smaller model, fewer bits or a smaller context"), m.MayFitLater ? TimeSpan.FromSeconds(10) : null, "no_memory"),
        OperationCanceledException => ApiError.Busy("it was ended before there was an answer; ask again", TimeSpan.FromSeconds(1), "ended"),
        ObjectDisposedException =>
            ApiError.Busy("the model was given up, or the server ends; ask again", TimeSpan.FromSeconds(1), "unloaded"),
        ContextOverflowException c => new(400, Request,
            $"the prompt is {c.Prompt} tokens; this context holds {c.Context}, one of them for the answer. Nothing was cut: send less, "
            + "or let the server have a larger context") { Param = "messages", Code = "context_length_exceeded" },
        TokenOutOfModelException or SystemRoleException or EmptyTextException => new(400, Request, e.Message),
        TemplateException { RaisedByTemplate: true } =>
            ApiError.Wrong("messages", $"the model's chat template refuses the conversation: {e.Message}", "template_refuses"),
        TemplateException => new(400, Request, $"the model's chat template cannot be used: {e.Message}; /v1/completions needs none")
        {
            Param = "model", Code = "template_fails",
        },
        NonFiniteException n => new(500, "server_error",
            $"the model computed no number ({n.Value}): its weights are probably damaged") { Code = "not_finite" },
        FormatRangeException f => new(500, "server_error", f.Message) { Code = "not_finite" },
        BadHttpRequestException b => new(b.StatusCode, Request, b.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? "the body is larger than this server takes" : $"the request cannot be read: {b.Message}"),
        NotSupportedException => new(400, Request, e.Message) { Param = "model", Code = "unsupported" },
        ArgumentException => new(400, Request, e.Message.Split(" (Parameter '")[0]),
        FileNotFoundException or DirectoryNotFoundException or InvalidDataException =>
            ApiError.Busy($"the model cannot be loaded: {e.Message}", null, "model_fails"),
        _ => new(500, "server_error", $"something unforeseen happened ({e.GetType().Name}); the server's log says more"),
    };
}
