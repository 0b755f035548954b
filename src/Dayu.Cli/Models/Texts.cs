using System.CommandLine;

namespace Dayu.Cli;

/// <summary>
/// A model and texts to work on: words of the command line, lines of a file (<c>.jsonl</c>: its <c>text</c>s), lines through a pipe.
/// </summary>
/// <param name="model">Names the model, too.</param>
sealed class Texts(ModelOptions model)
{
    readonly Argument<string[]> words = new("texts") { Arity = ArgumentArity.ZeroOrMore };
    readonly Option<string?> data = new("--data") { HelpName = "file" };

    public IEnumerable<Symbol> All => [words, data];

    /// <summary>The name of the model, where no option names it, and the texts.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="listens">Whether a pipe is read where nothing is said.</param>
    public (string? Model, List<string> Texts) Read(CommandContext call, bool listens = true)
    {
        var said = call.Get(words) ?? [];
        var first = said.Length > 0 && call.Get(model.Model) is null
            && (call.Settings.Text(Setting.Model) is null || call.Models.Find(said[0]) is not null || ModelsAtHand.LooksLikeModel(said[0]));
        List<string> texts = [.. said.Skip(first ? 1 : 0).SelectMany(Lines)];
        if (call.Get(data) is { } file) texts.AddRange(new TextFile(call, file, data.Name).Lines());
        else if (listens && texts.Count == 0 && !call.Terminal.In.IsTty) texts.AddRange(TextFile.LinesOf(call.ReadInput()));
        return (first ? said[0] : null, texts);

        IEnumerable<string> Lines(string word) => word == StandardInput.Name ? TextFile.LinesOf(call.ReadInput()) : [word];
    }
}
