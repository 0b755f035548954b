using System.CommandLine;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>A model, a run's checkpoint or an adapter as other programs read it: a Hugging Face folder or a GGUF file.</summary>
sealed class ExportCommand : CliCommand
{
    readonly Argument<string> name = new("model");
    readonly Option<string> output = new("--output", "-o") { Required = true, HelpName = "folder|file.gguf" };
    readonly Option<string?> dtype = new("--dtype") { HelpName = "f32|f16|bf16" }, tokenizer = new("--tokenizer") { HelpName = "file" };
    readonly Option<bool> merge = new("--merge");
    readonly AdapterOption adapter = new();

    public ExportCommand() => dtype.AcceptOnlyFromAmong([.. PublishedModel.Formats.Select(f => f.Name)]);

    public override IEnumerable<Symbol> Takes => [name, output, dtype, adapter.Adapter, merge, tokenizer];

    public override int Run(CommandContext call)
    {
        var path = call.Models.Resolve(call.Get(name), call.Say);
        var alone = AdapterConfig.IsAlone(path) && call.Get(adapter.Adapter) is null && !call.Get(merge);   // its model need not be there
        var place = alone ? new(path, AdapterConfig.FolderOf(path)) : adapter.On(call, path);
        if (place.Adapter is null && call.Get(merge)) throw new CliError(2755, path);
        var target = ExportTarget.Of(call, call.Get(output)!, place);
        var file = InputFile.Of(call, tokenizer);
        var isPair = place.Adapter is not null && !call.Get(merge);
        if (isPair && (target.IsGguf || call.Get(dtype) is not null || file is not null)) throw new CliError(2756, place.Adapter!);
        var report = isPair ? Pairs(place.Adapter!, target)
            : target.IsGguf ? Gguf(call, place, target, file) : Folder(call, place, target, file);
        report.Tell(call);
        return Exit.Ok;
    }

    DType? Wanted(CommandContext call) => call.Get(dtype) is { } said ? DType.Named(said) : null;

    static ExportReport Pairs(string folder, ExportTarget target)
    {
        var facts = AdapterFacts.Of(folder);
        DiskSpace.Check(target.Path, facts.Bytes);
        ModelFolder.CopyAdapter(folder, target.Path);
        return new(target.Path, "adapter", null, facts.Parameters, facts.Type);
    }

    ExportReport Gguf(CommandContext call, ModelPlace place, ExportTarget target, string? tokenizer)
    {
        using var source = QuantizeSource.Open(place, tokenizer);
        var tensors = source.Content.Tensors;
        var most = tensors.GroupBy(t => t.DType).MaxBy(g => g.Sum(t => t.Shape.Count))!.Key;
        var format = Wanted(call) ?? (PublishedModel.Formats.Contains(most) ? most : DType.F16);
        var quantizer = new Quantizer(source.Content, QuantMix.Find(format.Name)!);
        DiskSpace.Check(target.Path, quantizer.Formats.Sum(f => f.Bytes));
        using (var progress = new Progress(call, call.Say["exporting"], "values"))
            quantizer.Save(target.Path, progress.Report, null, call.Cancel);
        return new(target.Path, "gguf", source.Content.Facts.Architecture, tensors.Sum(t => t.Shape.Count), format.Name);
    }

    ExportReport Folder(CommandContext call, ModelPlace place, ExportTarget target, string? tokenizer)
    {
        var on = Device.Open(1, exact: true);
        using var _ = on as IDisposable;
        using var model = place.Load(on);
        var format = Wanted(call) ?? PublishedModel.FormatOf(model);
        DiskSpace.Check(target.Path, PublishedModel.BytesOf(model, format));
        using (var progress = new Progress(call, call.Say["exporting"], "values"))
            ModelFolder.Write(target.Path, model, format, tokenizer, progress.Report, call.Cancel);
        return new(target.Path, "folder", model.Family.Name, model.Parameters, format.Name);
    }
}
