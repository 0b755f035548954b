using System.Text;
using Dayu.Inference;
using Dayu.Templates;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>A conversation going on: what was said, how answers are wanted, the last answer.</summary>
/// <param name="call">Who talks.</param>
/// <param name="loaded">Who answers.</param>
/// <param name="session">Remembers what was computed.</param>
/// <param name="settings">How answers are wanted.</param>
sealed class Chat(CommandContext call, Loaded loaded, Session session, GenerationSettings settings)
{
    const int Alternatives = 4;

    readonly Conversation conversation = new(loaded.Model, call.Terminal.Clock);

    public GenerationSettings Settings { get; set; } = settings;

    public bool HasTemplate => conversation.HasTemplate;

    public IList<ChatMessage> Messages => conversation.Messages;

    public Tokenizer Tokenizer => loaded.Model.Tokenizer;

    public string ModelName => loaded.Name;

    /// <summary>Lets others tell the conversation what its template is to know.</summary>
    public void Tell(Action<Conversation> tell) => tell(conversation);

    /// <summary>Tokens that fit.</summary>
    public int Context => session.Context;

    /// <summary>Tokens of the conversation so far, as the model reads it.</summary>
    public int Used => Messages.Count == 0 ? 0 : conversation.Prompt().Count;

    /// <summary>The last answer's tokens, and what else might have come.</summary>
    public List<TokenLogProb> Last { get; } = [];

    /// <summary>What the model is told before everything else; null: nothing.</summary>
    public string? System
    {
        get => Messages is [{ Role: "system" } first, ..] ? first.Content : null;
        set
        {
            if (System is not null) Messages.RemoveAt(0);
            if (value is not null) Messages.Insert(0, new("system", value));
        }
    }

    /// <summary>Says something and shows the answer as it comes. Where there is no answer (it does not fit), nothing was said.</summary>
    public void Say(string text)
    {
        Messages.Add(new("user", text));
        try { Answer(); }
        catch
        {
            Undo();
            throw;
        }
    }

    /// <summary>Takes the last turn back: what was said last, and its answer.</summary>
    /// <returns>What was said; null: nothing was.</returns>
    public string? Undo()
    {
        if (Messages.Count > 0 && Messages[^1].Role == "assistant") Messages.RemoveAt(Messages.Count - 1);
        if (Messages.Count == 0 || Messages[^1].Role != "user") return null;
        var said = Messages[^1].Content;
        Messages.RemoveAt(Messages.Count - 1);
        return said;
    }

    void Answer()
    {
        var ids = conversation.Prompt();
        if (ids.Count >= session.Context) throw new CliError(1005, ids.Count, session.Context, loaded.Model.Context);
        var text = new StringBuilder();
        Last.Clear();
        using (var progress = new Progress(call, call.Say["reading"], "tokens"))
            foreach (var piece in session.Answer(ids, Settings with { LogProbs = Alternatives }, progress.Report, call.Cancel))
            {
                progress.Dispose();
                text.Append(piece.Text);
                Last.AddRange(piece.LogProbs);
                call.Out.Text(piece.Text);
            }
        call.Out.Text("\n");
        Messages.Add(new("assistant", text.ToString()));
        NextSeed();
    }

    /// <summary>Another answer to the same question next time; after the same seed, the same.</summary>
    void NextSeed() => Settings = Settings with { Sampler = Settings.Sampler with { Seed = Settings.Sampler.Seed + 1 } };
}
