using System.CommandLine;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>One answer.</summary>
sealed class RunCommand : CliCommand
{
    readonly Argument<string[]> words = new("words") { Arity = ArgumentArity.ZeroOrMore };
    readonly ModelOptions model = new();
    readonly GenerationOptions wanted = new();
    readonly Option<bool> raw = new("--raw"), stats = new("--stats");
    readonly Option<string?> system = new("--system", "-s") { HelpName = "text" }, truncate = new("--truncate") { HelpName = "head|tail" };

    public RunCommand() => truncate.AcceptOnlyFromAmong("head", "tail");

    public override IEnumerable<Symbol> Takes => [words, .. model.All, raw, system, .. wanted.All, truncate, stats];

    public override Format[] Formats => [Format.Table, Format.Json, Format.Jsonl];

    public override int Run(CommandContext call)
    {
        var (name, prompt) = Words(call);
        using var loaded = model.Open(call, name);
        var settings = wanted.Settings(call, loaded.Model.Parts.Sampler);
        using var session = new Session(loaded.Model, model.Context(call, loaded.Model), call.Terminal.Clock, model.Cache(call));
        var ids = Fit(call, loaded.Model, Ids(call, loaded.Model, prompt), session.Context, settings);
        var answer = new Answer(call, loaded, ids);
        using (var progress = new Progress(call, call.Say["reading"], "tokens"))
            foreach (var piece in session.Answer(ids, settings, progress.Report, call.Cancel))
            {
                progress.Dispose();
                answer.Add(piece);
            }
        answer.End(session.Outcome!, settings, call.Get(stats));
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }

    /// <summary>Which of the words is the model, and the prompt: what is left of them, and what comes through a pipe.</summary>
    (string? Model, string? Prompt) Words(CommandContext call)
    {
        var all = call.Get(words) ?? [];
        var first = call.Get(model.Model) is null && (all.Length > 1 || (all.Length == 1 && IsModel(call, all[0])));
        var said = first ? all[1..] : all;
        var piped = call.Terminal.InIsTty ? "" : WithoutLastLineEnd(call.Terminal.In.ReadToEnd());
        string[] parts = [.. said.Length > 0 ? [string.Join(' ', said)] : (string[])[], .. piped.Length > 0 ? [piped] : (string[])[]];
        return (first ? all[0] : null, parts.Length == 0 ? null : string.Join("\n\n", parts));
    }

    static bool IsModel(CommandContext call, string word) => call.Models.Find(word) is not null || ModelsAtHand.LooksLikeModel(word);

    static string WithoutLastLineEnd(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    List<int> Ids(CommandContext call, TextModel model, string? prompt)
    {
        if (prompt is null) throw new CliError(2009);
        if (call.Get(raw) || model.Parts.Template is null) return Prompts.Encode(model.Tokenizer, prompt, parseSpecial: call.Get(raw));
        var conversation = new Conversation(model, call.Terminal.Clock);
        if (call.Get(system) is { } rule) conversation.Messages.Add(new("system", rule));
        conversation.Messages.Add(new("user", prompt));
        return conversation.Prompt();
    }

    /// <summary>The prompt as it fits; cut only where that was asked for, and then it is said.</summary>
    List<int> Fit(CommandContext call, TextModel model, List<int> ids, int context, GenerationSettings settings)
    {
        if (ids.Count < context) return ids;
        if (call.Get(truncate) is not { } end) throw new CliError(1004, ids.Count, context, model.Net.Context);
        var answer = Math.Clamp(settings.MaxTokens ?? context / 4, 1, Math.Max(1, context / 2));
        var cut = Prompts.Cut(model.Tokenizer, ids, context - answer, dropHead: end == "head");
        call.Out.Warn(call.Say.Text("truncated", ids.Count, cut.Count, end));
        return cut;
    }
}
