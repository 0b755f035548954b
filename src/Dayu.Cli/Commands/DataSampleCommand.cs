using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>Texts that a model writes, for another to learn from; gone on with where it was stopped.</summary>
sealed class DataSampleCommand : CliCommand
{
    const int Most = 100_000_000, DefaultTogether = 16, MostTogether = 1024, Round = 100_000;
    const ulong DefaultSeed = 1;

    /// <summary>Texts that are written for each that is kept, at most: else nothing would end where none is.</summary>
    const int MostForOne = 100;

    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly Option<string?> prompts = new("--prompts") { HelpName = "file" }, system = new("--system", "-s") { HelpName = "text" };
    readonly Option<int> count = new("--count", "-n") { Required = true, HelpName = "n" };
    readonly Option<string> output = new("--output", "-o") { Required = true, HelpName = "file.jsonl" };
    readonly Option<int?> together = new("--together") { HelpName = "n" }, minChars = new("--min-chars") { HelpName = "n" };
    readonly Option<bool> whole = new("--whole"), raw = new("--raw");
    readonly GenerationOptions wanted = new(named: false);
    readonly ModelOptions model = new();

    public override IEnumerable<Symbol> Takes =>
        [name, prompts, count, output, together, minChars, whole, raw, system, .. wanted.OfTexts, .. model.All];

    public override int Run(CommandContext call)
    {
        var most = Number(call, count.Name, call.Get(count), Most);
        var beside = Number(call, together.Name, call.Get(together) ?? DefaultTogether, MostTogether);
        var target = Path.GetFullPath(Path.Combine(call.Terminal.Folder, call.Get(output)!));
        if (Path.GetDirectoryName(target) is { } folder && !Directory.Exists(folder)) throw new CliError(3020, folder);
        using var loaded = model.Open(call, call.Get(name));
        var source = new SamplePrompts(call, loaded.Model, call.Get(raw), call.Get(system));
        var asked = call.Get(prompts) is { } file ? source.Of(file, prompts.Name) : [source.Beginning()];
        using var answers = new LockStep(loaded.Model, beside, model.Context(call, loaded.Model), model.Cache(call));
        if (asked.FirstOrDefault(p => p.Ids.Count >= answers.Context) is { } longest)
            throw new CliError(1004, longest.Ids.Count, answers.Context, loaded.Model.Context);
        var settings = wanted.Settings(call, loaded.Model.Text.Sampler);
        var texts = new SampledTexts([.. asked.Select(p => p.Ids)], settings, wanted.Seed(call) ?? DefaultSeed);
        using var lines = SampleFile.Open(target);
        var before = lines.Lines;
        var next = Next(call, lines, texts, target, loaded.Name);
        if (before > 0) call.Out.Note(call.Say.Text("sample.resumed", target, $"{before:N0}"));

        var (tokens, start) = (0L, call.Terminal.Clock.GetTimestamp());
        using (var progress = new Progress(call, call.Say["sampling"], "texts") { Beside = () => $"  {Speed():F0} tok/s" })
            while (lines.Lines < most && !call.Cancel.IsCancellationRequested)
            {
                if (next > (long)MostForOne * (lines.Lines + 10)) throw new CliError(2763, next, lines.Lines);
                progress.Report(lines.Lines, most);
                foreach (var text in texts.Write(answers, next, Math.Min(Round, most - lines.Lines), n => tokens += n, call.Cancel))
                {
                    next = text.Index + 1;
                    if (IsKept(call, text)) lines.Write(Line(asked[text.Prompt], text, texts, loaded.Name));
                    progress.Report(lines.Lines, most);
                }
            }
        Tell(call, target, lines.Lines, lines.Lines - before, next - lines.Lines, tokens, Seconds());
        if (lines.Lines < most) call.Out.Warn(call.Say.Text("sample.stopped", $"{lines.Lines:N0}", $"{most:N0}"));
        return call.Terminal.Interrupts.Code ?? Exit.Ok;

        double Seconds() => call.Terminal.Clock.GetElapsedTime(start).TotalSeconds;

        double Speed() => tokens / Math.Max(1e-9, Seconds());
    }

    bool IsKept(CommandContext call, SampledText text) =>
        text.Text.Length >= (call.Get(minChars) ?? 0) && (!call.Get(whole) || text.Reason == FinishReason.Stop);

    static JsonObject Line(SamplePrompt prompt, SampledText text, SampledTexts texts, string model)
    {
        var line = prompt.Line(text.Text);
        (line["index"], line["seed"], line["model"]) = (text.Index, texts.SeedOf(text.Index), model);
        return line;
    }

    /// <summary>The number of the text that comes next: behind the last one that the file has.</summary>
    /// <exception cref="CliError">Another model, seed or file of prompts wrote it.</exception>
    static long Next(CommandContext call, SampleFile lines, SampledTexts texts, string path, string model)
    {
        if (lines.Last is not { } last) return 0;
        if (last["index"] is JsonValue i && i.TryGetValue<long>(out var index) && index >= 0 && last["model"]?.ToString() == model
            && last["seed"] is JsonValue s && s.TryGetValue<ulong>(out var seed) && seed == texts.SeedOf(index)) return index + 1;
        throw new CliError(2762, path);
    }

    static int Number(CommandContext call, string option, int n, int most) =>
        n is >= 1 && n <= most ? n : throw new CliError(2006, call.Say.Text("out-of-range", option, n, 1, most));

    static void Tell(CommandContext call, string path, int texts, int written, long dropped, long tokens, double seconds) =>
        call.Out.Result(new()
        {
            ["v"] = 1,
            ["path"] = path,
            ["texts"] = texts,
            ["written"] = written,
            ["dropped"] = dropped,
            ["tokens"] = tokens,
            ["seconds"] = Math.Round(seconds, 3),
            ["tok_s"] = Math.Round(tokens / Math.Max(1e-9, seconds), 1),
        },
        Table.Pairs(
            (call.Say["show.path"], path),
            (call.Say["sample.texts"], call.Say.Text("sample.written", $"{texts:N0}", $"{written:N0}")),
            (call.Say["sample.dropped"], $"{dropped:N0}"),
            (call.Say["sample.tokens"], call.Say.Text("sample.speed", $"{tokens:N0}", $"{tokens / Math.Max(1e-9, seconds):F1}"))));
}
