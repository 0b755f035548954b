using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Cli;

/// <summary>A folder in which texts become a model: a recipe, a little text, and what to do next.</summary>
sealed class NewCommand : CliCommand
{
    /// <summary>What such a folder holds at first: the file, and the resource that it is a copy of, in either language.</summary>
    static readonly (string File, string Resource)[] copied =
        [("README.md", "README.md"), ("recipe.json", "recipe.json"), ("texts/fables.jsonl", "fables.jsonl")];

    readonly Argument<string> name = new("name");

    public override IEnumerable<Symbol> Takes => [name];

    public override int Run(CommandContext call)
    {
        var folder = Path.GetFullPath(Path.Combine(call.Terminal.Folder, call.Get(name)!));
        if (Path.Exists(folder) && (File.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new CliError(2130, folder);
        Write(folder, "dayu.json", "{\n}\n"u8.ToArray());
        Write(folder, ".gitignore", "data/\nruns/\n"u8.ToArray());
        foreach (var (file, resource) in copied) Write(folder, file, Resource($"project.{call.Say["new.language"]}.{resource}"));
        string[] steps = ["cd " + ShellWord.Quoted(call.Get(name)!), .. Steps(folder)];
        var json = new JsonObject
        {
            ["v"] = 1, ["folder"] = folder,
            ["files"] = new JsonArray([.. copied.Select(c => (JsonNode)c.File).Append("dayu.json").Append(".gitignore")]),
            ["next"] = new JsonArray([.. steps.Select(s => (JsonNode)s)]),
        };
        call.Out.Result(json, Table.Pairs((call.Get(name)!, folder)));
        call.Out.Note(call.Say.Text("new.next", string.Join('\n', steps.Select(s => "  " + s))));
        return Exit.Ok;
    }

    /// <summary>The commands of the page, which a test runs, without what they are for.</summary>
    static IEnumerable<string> Steps(string folder) => File.ReadLines(Path.Combine(folder, "README.md"))
        .Where(l => l.StartsWith("dayu ", StringComparison.Ordinal)).Select(l => l.Split(" #")[0].TrimEnd());

    static void Write(string folder, string file, byte[] content) =>
        WholeFile.Write(Path.Combine([folder, .. file.Split('/')]), content);

    static byte[] Resource(string name)
    {
        using var stream = typeof(NewCommand).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
