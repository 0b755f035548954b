using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>What this machine and this build can do, and what is wrong.</summary>
sealed class DoctorCommand : CliCommand
{
    const long LittleMemory = 2L << 30;

    public override IEnumerable<Symbol> Takes => [];

    public override bool SparesSettings => true;

    public override int Run(CommandContext call)
    {
        var ((paths, taken), features) = (Device.Paths(), Processor.Features());
        var memory = call.Terminal.Memory;
        string[] families = [.. Families.Known.Select(f => f.Name)];
        string[] formats = [.. DType.Known.Where(d => d != DType.I32).Select(d => d.Name)];
        string[] warnings = [.. Warnings(call, taken, memory)];
        var json = new JsonObject
        {
            ["v"] = 1,
            ["os"] = RuntimeInformation.OSDescription,
            ["dotnet"] = Environment.Version.ToString(),
            ["cpu"] = Processor.Name(),
            ["cores"] = Environment.ProcessorCount,
            ["features"] = features.ToJson(),
            ["memory"] = memory,
            ["paths"] = paths.ToJson(),
            ["path"] = taken,
            ["families"] = families.ToJson(),
            ["formats"] = formats.ToJson(),
            ["data_folder"] = call.Settings.DataFolder,
            ["warnings"] = warnings.ToJson(),
        };
        var say = call.Say;
        call.Out.Result(json, Table.Pairs(
            (say["doctor.os"], $"{RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})"),
            (".NET", Environment.Version.ToString()),
            (say["doctor.cpu"], say.Text("doctor.cores", Processor.Name(), Environment.ProcessorCount)),
            (say["doctor.features"], string.Join(' ', features)),
            (say["doctor.memory"], Units.Bytes(memory)),
            (say["doctor.path"], say.Text("doctor.paths", taken, string.Join(", ", paths))),
            (say["doctor.families"], string.Join(", ", families)),
            (say["doctor.formats"], string.Join(", ", formats)),
            (say["doctor.data"], call.Settings.DataFolder)));
        foreach (var warning in warnings) call.Out.Warn($"{say["warning"]}: {warning}");
        return Exit.Ok;
    }

    static IEnumerable<string> Warnings(CommandContext call, string taken, long memory)
    {
        foreach (var fault in call.Settings.Faults) yield return CliErrors.Of(fault, call.Terminal).Text(call.Say);
        if (taken == "portable") yield return call.Say["doctor.slow"];
        if (Device.EmissionRefusal is { } why) yield return call.Say.Text("doctor.no-emission", why);
        if (memory < LittleMemory) yield return call.Say.Text("doctor.little-memory", Units.Bytes(memory));
        var store = call.Store.Folder;
        if (!call.Models.All().Any()) yield return call.Models.NoneAtHand(call.Say);
        if (Directory.Exists(store) && !CanWrite(store)) yield return call.Say.Text("doctor.read-only", store);
    }

    static bool CanWrite(string folder)
    {
        try
        {
            var path = Path.Combine(folder, $".probe-{Environment.ProcessId}");
            using var probe = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
    }
}
