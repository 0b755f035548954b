using System.CommandLine;
using Dayu.Inference;
using Dayu.Templates;

namespace Dayu.Cli;

/// <summary>What the chat template is told beside the messages.</summary>
sealed class TemplateOptions
{
    readonly Option<string?> think = new("--think") { HelpName = "on|off" }, tools = new("--tools") { HelpName = "file" };

    public TemplateOptions() => think.AcceptOnlyFromAmong("on", "off");

    public IEnumerable<Symbol> All => [think, tools];

    /// <summary>Tells a conversation.</summary>
    /// <exception cref="InvalidDataException">The file of tools is no JSON array of functions.</exception>
    public void Tell(CommandContext call, Conversation conversation)
    {
        if (call.Get(think) is { } wanted) conversation.Options = new() { ["enable_thinking"] = wanted == "on" };
        if (call.Get(tools) is not { } file) return;
        var path = Path.Combine(call.Terminal.Folder, file);
        conversation.Tools = ToolList.Parse(new TextFile(path).Whole(), path);
    }
}
