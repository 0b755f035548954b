using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>
/// Several answers that come about together; each is told in its turn as soon as it and those before it have ended: text under a
/// line that says whose answer it is; an object each (jsonl); one object with all (json).
/// </summary>
/// <param name="call">Who asked.</param>
/// <param name="loaded">Who answers.</param>
/// <param name="requests">What is asked.</param>
/// <param name="prompts">The same as people wrote it.</param>
sealed class Answers(CommandContext call, Loaded loaded, IReadOnlyList<AnswerRequest> requests, IReadOnlyList<string> prompts)
{
    const int ShownColumns = 60;                                     // of a prompt, for people

    readonly AnswerSoFar[] answers = [.. requests.Select(_ => new AnswerSoFar())];
    readonly FinishReason?[] reasons = new FinishReason?[requests.Count];
    readonly JsonArray all = [];

    /// <summary>Answers them.</summary>
    /// <param name="by">Who answers together.</param>
    /// <param name="stats">Whether speed is told.</param>
    public void Run(LockStep by, bool stats)
    {
        var start = call.Terminal.Clock.GetTimestamp();
        using (var progress = new Progress(call, call.Say["answering"], "answers"))
        {
            var told = 0;
            foreach (var (index, piece, reason) in by.Answer(requests, call.Cancel))
            {
                answers[index].Add(piece);
                reasons[index] = reason;
                progress.Report(told, requests.Count);
                if (told < requests.Count && reasons[told] is not null) progress.Dispose();
                for (; told < requests.Count && reasons[told] is { } ended; told++) Tell(told, ended);
            }
        }
        var (seconds, tokens) = (call.Terminal.Clock.GetElapsedTime(start).TotalSeconds, answers.Sum(a => a.Tokens));
        if (!call.Out.IsText) TellEnd(seconds, tokens);
        if (stats) call.Out.Warn(Stats(by, seconds, tokens));
    }

    void Tell(int index, FinishReason reason)
    {
        if (call.Out.IsText)
        {
            call.Out.Text($"── {index + 1}/{requests.Count}  {Label.Short(prompts[index], ShownColumns)}\n{answers[index].Text}");
            call.Out.Text(answers[index].EndsLine ? "\n" : "\n\n");
            return;
        }
        var isLine = call.Out.Format == Format.Jsonl;
        var one = isLine ? new JsonObject { ["v"] = 1, ["event"] = "answer" } : [];
        (one["index"], one["prompt"]) = (index, prompts[index]);
        answers[index].Write(one, loaded.Model.Tokenizer, requests[index], reason);
        if (isLine) call.Out.Json(one);
        else all.Add((JsonNode)one);
    }

    void TellEnd(double seconds, int tokens)
    {
        var end = call.Out.Format == Format.Jsonl
            ? new JsonObject { ["v"] = 1, ["event"] = "done" } : new JsonObject { ["v"] = 1, ["answers"] = all };
        end["timing"] = new JsonObject
        {
            ["load_s"] = Rounded(loaded.Time.TotalSeconds), ["answers_s"] = Rounded(seconds), ["tok_s"] = Rounded(tokens / seconds),
        };
        call.Out.Json(end);
    }

    string Stats(LockStep by, double seconds, int tokens) => call.Say.Text(
        "batch.stats", requests.Count, tokens, $"{tokens / seconds:F1}", by.Together, $"{loaded.Time.TotalSeconds:F2}",
        requests[0].Settings.Sampler.Seed);

    static double Rounded(double x) => Math.Round(x, 4);
}
