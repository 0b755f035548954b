using System.CommandLine;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>One answer, or several at once.</summary>
sealed class RunCommand : CliCommand
{
    readonly Argument<string[]> words = new("words") { Arity = ArgumentArity.ZeroOrMore };
    readonly ModelOptions model = new();
    readonly GenerationOptions wanted = new();
    readonly BatchOptions batch = new();
    readonly TemplateOptions template = new();
    readonly Option<bool> raw = new("--raw"), stats = new("--stats");
    readonly Option<string?> system = new("--system", "-s") { HelpName = "text" }, truncate = new("--truncate") { HelpName = "head|tail" };

    public RunCommand() => truncate.AcceptOnlyFromAmong("head", "tail");

    public override IEnumerable<Symbol> Takes =>
        [words, .. model.All, raw, system, .. template.All, .. wanted.All, .. batch.All, truncate, stats];

    public override Format[] Formats => [Format.Table, Format.Json, Format.Jsonl];

    public override int Run(CommandContext call)
    {
        var (name, prompt) = Words(call);
        template.Functions(call);                                    // a wrong file is an error even where no template reads it
        using var loaded = model.Open(call, name);
        var settings = wanted.Settings(call, loaded.Model.Text.Sampler);
        if (batch.IsWanted(call)) AnswerAll(call, loaded, batch.Prompts(call, prompt), settings);
        else AnswerOne(call, loaded, prompt ?? throw new CliError(2009), settings);
        return call.Terminal.Interrupts.Code ?? Exit.Ok;
    }

    void AnswerOne(CommandContext call, Loaded loaded, string prompt, GenerationSettings settings)
    {
        using var session = new Session(loaded.Model, model.Context(call, loaded.Model), call.Terminal.Clock, model.Cache(call));
        var request = Request(call, loaded.Model, prompt, session.Context, settings);
        var answer = new Answer(call, loaded, request);
        using (var progress = new Progress(call, call.Say["reading"], "tokens"))
            foreach (var piece in session.Answer(request.Prompt, settings, progress.Report, call.Cancel))
            {
                progress.Dispose();
                answer.Add(piece);
            }
        answer.End(session.Outcome!, call.Get(stats));
    }

    /// <summary>Answers with seeds one behind another, so that samples of one prompt differ.</summary>
    void AnswerAll(CommandContext call, Loaded loaded, IReadOnlyList<string> prompts, GenerationSettings settings)
    {
        var (together, context) = (batch.Together(call), model.Context(call, loaded.Model));
        using var answers = new LockStep(loaded.Model, together, context, model.Cache(call));
        AnswerRequest[] requests = [.. prompts.Select((p, i) => Request(call, loaded.Model, p, answers.Context, Seeded(i)))];
        new Answers(call, loaded, requests, prompts).Run(answers, call.Get(stats));

        GenerationSettings Seeded(int i) =>
            settings with { Sampler = settings.Sampler with { Seed = unchecked(settings.Sampler.Seed + (ulong)i) } };
    }

    AnswerRequest Request(CommandContext call, Pretrained model, string prompt, int context, GenerationSettings settings) =>
        new(Fit(call, model, Ids(call, model, prompt), context, settings), settings);

    /// <summary>Which of the words is the model, and the prompt: what is left of them, and what comes through a pipe.</summary>
    (string? Model, string? Prompt) Words(CommandContext call)
    {
        var all = call.Get(words) ?? [];
        var first = call.Get(model.Model) is null && (all.Length > 1 || (all.Length == 1 && IsModel(call, all[0])));
        if (first && IsSwapped(call, all)) throw new CliError(2063, all[^1], ShellWord.Quoted(string.Join(' ', all[..^1])));
        var said = first ? all[1..] : all;
        return (first ? all[0] : null, Prompt(call, said));
    }

    /// <summary>
    /// What the words say; <c>-</c> among them is standard input, which is read without it only where nothing else is said: a loop
    /// that reads its lines from there keeps them.
    /// </summary>
    string? Prompt(CommandContext call, string[] said)
    {
        var at = Array.IndexOf(said, StandardInput.Name);
        if (at < 0 && (said.Length > 0 || call.Terminal.In.IsTty || batch.HasPrompts(call)))
        {
            if (said.Length > 0 && call.Terminal.In.IsPipe) call.Out.Note(call.Say["input.unread"]);
            return said.Length > 0 ? string.Join(' ', said) : null;
        }
        var piped = WithoutLastLineEnd(call.ReadInput());
        string[] parts = at < 0 ? [piped] : [string.Join(' ', said[..at]), piped, string.Join(' ', said[(at + 1)..])];
        return string.Join("\n\n", parts.Where(p => p.Length > 0)) is { Length: > 0 } prompt ? prompt : null;
    }

    static bool IsSwapped(CommandContext call, string[] all) =>
        all.Length > 1 && !IsModel(call, all[0]) && all[^1] != StandardInput.Name && call.Models.Find(all[^1]) is not null;

    static bool IsModel(CommandContext call, string word) => call.Models.Find(word) is not null || ModelsAtHand.LooksLikeModel(word);

    static string WithoutLastLineEnd(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;

    List<int> Ids(CommandContext call, Pretrained model, string prompt)
    {
        if (call.Get(raw) || !model.Text.HasTemplate) return Prompts.Encode(model.Tokenizer, prompt, parseSpecial: call.Get(raw));
        var conversation = new Conversation(model, call.Terminal.Clock);
        template.Tell(call, conversation);
        if (call.Get(system) is { } rule) conversation.Messages.Add(new("system", rule));
        conversation.Messages.Add(new("user", prompt));
        return conversation.Prompt();
    }

    /// <summary>The prompt as it fits; cut only where that was asked for, and then it is said.</summary>
    List<int> Fit(CommandContext call, Pretrained model, List<int> ids, int context, GenerationSettings settings)
    {
        if (ids.Count < context) return ids;
        if (call.Get(truncate) is not { } end) throw new CliError(1004, ids.Count, context, model.Context);
        var answer = Math.Clamp(settings.MaxTokens ?? context / 4, 1, Math.Max(1, context / 2));
        var cut = Prompts.Cut(model.Tokenizer, ids, context - answer, dropHead: end == "head");
        call.Out.Warn(call.Say.Text("truncated", ids.Count, cut.Count, end));
        return cut;
    }
}
