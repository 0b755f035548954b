using System.CommandLine;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>A conversation.</summary>
sealed class ChatCommand : CliCommand
{
    const int Continuation = 128;                                    // tokens: a model that only continues text does not know when to stop

    readonly Argument<string?> name = new("model") { Arity = ArgumentArity.ZeroOrOne };
    readonly ModelOptions model = new();
    readonly GenerationOptions wanted = new();
    readonly TemplateOptions template = new();
    readonly Option<string?> system = new("--system", "-s") { HelpName = "text" };

    public override IEnumerable<Symbol> Takes => [name, .. model.All, system, .. template.All, .. wanted.All];

    public override Format[] Formats => [Format.Table];

    public override int Run(CommandContext call)
    {
        using var loaded = model.Open(call, call.Get(name));
        using var session = new Session(loaded.Model, model.Context(call, loaded.Model), call.Terminal.Clock, model.Cache(call));
        var chat = new Chat(call, loaded, session, wanted.Settings(call, loaded.Model.Text.Sampler));
        chat.Tell(conversation => template.Tell(call, conversation));
        if (call.Get(system) is { } rule) chat.System = rule;
        if (!chat.HasTemplate)
        {
            call.Out.Note(call.Say.Text("chat.base", loaded.Name));
            if (chat.Settings.MaxTokens is null)
            {
                chat.Settings = chat.Settings with { MaxTokens = Continuation };
                call.Out.Note(call.Say.Text("chat.base-limit", Continuation));
            }
        }
        return new Repl(call, chat, Editor(call)).Run();
    }

    /// <summary>At a terminal that can be drawn on.</summary>
    static LineEditor? Editor(CommandContext call) =>
        call.Out.Draws && call.Terminal.Keys is { } keys ? new(keys, call.Terminal.Error, call.Terminal.Width) : null;
}
