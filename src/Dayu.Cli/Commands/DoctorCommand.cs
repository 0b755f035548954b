using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>What this machine and this build can do, and what is wrong.</summary>
sealed class DoctorCommand : CliCommand
{
    public override IEnumerable<Symbol> Takes => [];

    public override int Run(CommandContext call)
    {
        var ((paths, taken), features) = (Device.Paths(), Processor.Features());
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string[] families = [.. Families.Known.Select(f => f.Name)], formats = [.. DType.Known.Where(d => d != DType.I32).Select(d => d.Name)];
        string[] warnings = [.. Warnings(call, taken, memory)];
        var json = new JsonObject
        {
            ["v"] = 1, ["os"] = RuntimeInformation.OSDescription, ["dotnet"] = Environment.Version.ToString(), ["cpu"] = Processor.Name(), ["cores"] = Environment.ProcessorCount, ["features"] = Texts(features),
            ["memory"] = memory, ["paths"] = Texts(paths), ["path"] = taken, ["families"] = Texts(families), ["formats"] = Texts(formats), ["data_folder"] = call.Settings.DataFolder, ["warnings"] = Texts(warnings),
        };
        call.Out.Result(json, Table.Pairs(
            (call.Say["doctor.os"], $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})"), (".NET", Environment.Version.ToString()),
            (call.Say["doctor.cpu"], call.Say.Text("doctor.cores", Processor.Name(), Environment.ProcessorCount)), (call.Say["doctor.features"], string.Join(' ', features)),
            (call.Say["doctor.memory"], Units.Bytes(memory)), (call.Say["doctor.path"], call.Say.Text("doctor.paths", taken, string.Join(", ", paths))),
            (call.Say["doctor.families"], string.Join(", ", families)), (call.Say["doctor.formats"], string.Join(", ", formats)), (call.Say["doctor.data"], call.Settings.DataFolder)));
        foreach (var warning in warnings) call.Out.Warn($"{call.Say["warning"]}: {warning}");
        return Exit.Ok;
    }

    static IEnumerable<string> Warnings(CommandContext call, string taken, long memory)
    {
        if (taken == "portable") yield return call.Say["doctor.slow"];
        if (Device.EmissionRefusal is { } why) yield return call.Say.Text("doctor.no-emission", why);
        if (memory < 2L << 30) yield return call.Say.Text("doctor.little-memory", Units.Bytes(memory));
        var store = call.Store.Folder;
        if (!call.Models.All().Any()) yield return call.Say.Text("none-at-hand", store);
        if (Directory.Exists(store) && !CanWrite(store)) yield return call.Say.Text("doctor.read-only", store);
    }

    static bool CanWrite(string folder)
    {
        try
        {
            using var probe = new FileStream(Path.Combine(folder, $".probe-{Environment.ProcessId}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
    }

    static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
