using System.CommandLine;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>A model in other number formats, and what that did to it.</summary>
sealed class QuantizeCommand : CliCommand
{
    const double DefaultMaxKl = 0.1;                                 // nats: four bits of a small model stay below, two bits do not
    const int Window = 2048;

    readonly Argument<string> name = new("model");
    readonly Option<string> to = new("--to") { Required = true, HelpName = "format" };
    readonly Option<string> output = new("--output", "-o") { Required = true, HelpName = "file" };
    readonly AdapterOption adapter = new();
    readonly Option<bool> pure = new("--pure"), verify = new("--verify"), noSpeed = new("--no-speed");
    readonly Option<string?> data = new("--data") { HelpName = "file" }, tokenizer = new("--tokenizer") { HelpName = "file" };
    readonly Option<int?> limit = new("--limit") { HelpName = "n" }, threads = new("--threads", "-t") { HelpName = "n" };
    readonly Option<double?> maxKl = new("--max-kl") { HelpName = "nats" };

    public QuantizeCommand() => to.CompletionSources.Add([.. QuantMix.Names]);

    public override IEnumerable<Symbol> Takes =>
        [name, to, output, pure, data, limit, verify, maxKl, noSpeed, tokenizer, adapter.Adapter, threads];

    public override int Run(CommandContext call)
    {
        var mix = Mix(call.Get(to)!);
        var place = adapter.On(call, call.Models.Resolve(call.Get(name), call.Say));
        var target = Path.GetFullPath(Path.Combine(call.Terminal.Folder, call.Get(output)!));
        InputFile.CheckTarget(target, output.Name);
        using var source = QuantizeSource.Open(place, InputFile.Of(call, tokenizer));
        if (source.Files.Any(p => IsSame(p, target))) throw new CliError(2012, target);
        if (File.Exists(target) && !call.Yes) throw new CliError(2005, target);
        var (text, content) = (Text(call), source.Content);
        var quantizer = new Quantizer(content, call.Get(pure) ? mix.Pure() : mix, Threads(call));
        DiskSpace.Check(target, quantizer.Formats.Sum(f => f.Bytes));
        Warn(call, Path.GetFileName(place.Path), content, quantizer);

        DivergenceResult? quality = null;
        var start = call.Terminal.Clock.GetTimestamp();
        var took = TimeSpan.Zero;
        using (var progress = new Progress(call, call.Say["quantizing"], "values"))
            quantizer.Save(target, progress.Report, part =>
            {
                took = call.Terminal.Clock.GetElapsedTime(start);
                progress.Dispose();
                if (call.Get(verify)) Check(quality = Compare(call, new(part), place, text!), MaxKl(call), mix);
            }, call.Cancel);
        var before = source.Files.Sum(p => new FileInfo(p).Length);
        var report = new QuantizeReport(target, mix.Name, call.Get(pure), content, quantizer, before, took)
        {
            MaxKl = call.Get(verify) ? MaxKl(call) : null,
            Quality = quality ?? (text is null ? null : Compare(call, new(target), place, text)),
        };
        if (!call.Get(noSpeed))
        {
            var on = Device.Open(Threads(call), exact: false);
            using var _ = on as IDisposable;
            (report.Speed, var why) = DecodeSpeed.Measure(call, on, place, new(target));
            if (why is not null) call.Out.Note(call.Say.Text("quantize.no-speed", why));
        }
        report.Tell(call);
        return Exit.Ok;
    }

    /// <summary>Says what is quantised a second time, and which tensors get another format than was asked for.</summary>
    static void Warn(CommandContext call, string name, GgufContent content, Quantizer quantizer)
    {
        var again = content.Tensors.Count(t => t.DType.IsQuantised && t.DType != quantizer.Targets[t.Name].Given);
        if (again > 0) call.Out.Note(call.Say.Text("quantize.again", name, again));
        foreach (var f in quantizer.Fallbacks.GroupBy(f => (f.Target.Given, Width: f.Tensor.Shape[^1], f.Target.Wanted!.BlockValues)))
        {
            var kinds = f.Select(t => t.Tensor.Name).GroupBy(Kind).Select(k => k.Count() == 1 ? k.First() : $"{k.Key} ({k.Count()})");
            call.Out.Warn(call.Say.Text("fallback", string.Join(", ", kinds), f.Key.Given, f.Key.Width, f.Key.BlockValues));
        }
    }

    /// <summary>A name for the same tensor of all layers: <c>blk.*.attn_q.weight</c>.</summary>
    static string Kind(string tensor) => string.Join('.', tensor.Split('.').Select(part => int.TryParse(part, out _) ? "*" : part));

    static QuantMix Mix(string name)
    {
        if (QuantMix.Find(name) is { } mix) return mix;
        var known = QuantMix.Names;
        var meant = known.FirstOrDefault(n => Bare(n) == Bare(name)) ?? Spelling.Closest(name.ToLowerInvariant(), known);
        throw meant is null ? new CliError(2751, name, string.Join(", ", known)) : new(2750, name, meant);

        static string Bare(string n) => n.Replace("_", "").Replace("-", "").ToLowerInvariant();
    }

    int Threads(CommandContext call) => call.Get(threads, Setting.Threads) ?? 0;

    double MaxKl(CommandContext call) => call.Get(maxKl) switch
    {
        null => DefaultMaxKl,
        >= 0 and var bound => bound,
        { } bound => throw new CliError(2006, call.Say.Text("not-positive", "--max-kl", bound)),
    };

    /// <summary>What is measured on; null: nothing is.</summary>
    string? Text(CommandContext call)
    {
        MaxKl(call);
        if (call.Get(limit) is < 1 and var n) throw new CliError(2006, call.Say.Text("not-positive", "--limit", n));
        if (call.Get(data) is { } file) return new TextFile(call, file, data.Name).Whole();
        if (call.Get(verify)) throw new CliError(2753, "--verify");
        if (call.Get(maxKl) is not null) throw new CliError(2753, "--max-kl");
        return call.Get(limit) is null ? null : throw new CliError(2753, "--limit");
    }

    /// <summary>Whether two paths name one file, links followed.</summary>
    static bool IsSame(string a, string b)
    {
        return Real(a) == Real(b);

        static string Real(string path)
        {
            var target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null;
            return target?.FullName ?? Path.GetFullPath(path);
        }
    }

    /// <summary>The new file against the source. Activations stay exact, so that what is measured is the weights alone.</summary>
    DivergenceResult Compare(CommandContext call, ModelPlace file, ModelPlace source, string text)
    {
        using Loaded after = Open(file), before = Open(source);
        using var progress = new Progress(call, call.Say["scoring"], "tokens");
        var window = Math.Min(before.Model.Context, Window);
        var result = Divergence.Measure(after.Predictor, before.Predictor, text, window, call.Get(limit), progress.Report, call.Cancel);
        return double.IsFinite(result.MeanKl) ? result : throw new CliError(1006, result.MeanKl);

        Loaded Open(ModelPlace place) => Loaded.Open(call, place, call.Get(tokenizer), Threads(call), exact: true);
    }

    static void Check(DivergenceResult quality, double most, QuantMix mix)
    {
        if (!(quality.MeanKl > most)) return;
        throw new CliError(5750, $"{quality.MeanKl:F5}", $"{most}", mix.Name, $"{quality.AgainstNll:F4}", $"{quality.Nll:F4}");
    }
}
