using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>A GGUF file in another number format.</summary>
sealed class QuantizeVerb : Verb
{
    readonly Argument<string> name = new("model");
    readonly Option<string> to = new("--to") { Required = true, HelpName = "format" }, output = new("--output", "-o") { Required = true, HelpName = "file" };

    public QuantizeVerb() => to.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, [.. DType.Known.Where(d => d != DType.I32 && d.CanEncode).Select(d => d.Name)]);

    public override IEnumerable<Symbol> Takes => [name, to, output];

    public override int Run(Call call)
    {
        var path = new ModelStore(call.Terminal).Resolve(call.Get(name), call.Say);
        var target = Path.Combine(call.Terminal.Folder, call.Get(output)!);
        if (Path.GetFullPath(target) == Path.GetFullPath(path)) throw new Complaint(2012, target);
        if (Path.Exists(target) && !call.Yes) throw new Complaint(2005, target);
        if (Directory.Exists(path) || FileKinds.Recognise(path) != FileKind.Gguf) throw new NotSupportedException($"{path} is no GGUF file; only these can be quantised");
        using var file = GgufFile.Open(path);
        var quantizer = new Quantizer(file, DType.Named(call.Get(to)!));
        using (var progress = new Progress(call, call.Say["quantizing"], "values")) quantizer.Save(target, progress.Report, call.Cancel);
        var (before, after) = (new FileInfo(path).Length, new FileInfo(target).Length);
        foreach (var (tensor, width, instead) in quantizer.Fallbacks) call.Out.Warn(call.Say.Text("fallback", tensor, instead, width, DType.Named(call.Get(to)!).BlockValues));
        call.Out.Result(
            new() { ["v"] = 1, ["path"] = target, ["to"] = call.Get(to), ["tensors"] = quantizer.Encoded, ["fallbacks"] = new JsonObject(quantizer.Fallbacks.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)f.DType.Name))), ["bytes_before"] = before, ["bytes_after"] = after },
            Table.Pairs((Path.GetFileName(target), $"{Units.Bytes(before)} → {Units.Bytes(after)} ({100.0 * (after - before) / before:+0;−0;0} %)")));
        return Exit.Ok;
    }
}
