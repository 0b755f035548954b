using System.CommandLine;

namespace Dayu.Cli;

/// <summary>What a command is told of an adapter: a folder, or the name of a run.</summary>
sealed class AdapterOption
{
    public readonly Option<string?> Adapter = new("--adapter") { HelpName = "folder" };

    /// <summary>A model with the adapter that the option names; with the one that it is, where the option names none.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="path">Where the model lies.</param>
    /// <exception cref="CliError">There is no adapter of that name.</exception>
    public ModelPlace On(CommandContext call, string path) => ModelPlace.Of(call, path,
        call.Get(Adapter) is { } name ? call.Models.Find(name) ?? throw new CliError(3019, Adapter.Name, name) : null);
}
