using System.CommandLine;
using System.Text.Json.Nodes;
using Dayu.Inference;
using Dayu.Templates;

namespace Dayu.Cli;

/// <summary>What the chat template is told beside the messages.</summary>
sealed class TemplateOptions
{
    readonly Option<string?> think = new("--think") { HelpName = "on|off" }, tools = new("--tools") { HelpName = "file" };

    JsonArray? functions;

    public TemplateOptions() => think.AcceptOnlyFromAmong("on", "off");

    public IEnumerable<Symbol> All => [think, tools];

    /// <summary>Tells a conversation.</summary>
    /// <exception cref="InvalidDataException">The file of tools is no JSON array of functions.</exception>
    public void Tell(CommandContext call, Conversation conversation)
    {
        if (call.Get(think) is { } wanted) conversation.Options = new() { ["enable_thinking"] = wanted == "on" };
        if (Functions(call) is { } all) conversation.Tools = all;
    }

    /// <summary>The functions, read once; null: none are named.</summary>
    /// <exception cref="InvalidDataException">The file is no JSON array of functions.</exception>
    public JsonArray? Functions(CommandContext call) =>
        functions ??= call.Get(tools) is { } file ? ToolList.Parse(new TextFile(call, file, tools.Name).Whole(), file) : null;
}
