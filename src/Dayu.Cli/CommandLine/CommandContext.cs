using System.CommandLine;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>A command being run: what was asked, and everything that it may use.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="globals">Options of every command.</param>
/// <param name="terminal">The world outside.</param>
/// <param name="settings">What is set elsewhere.</param>
/// <param name="say">Texts in the user's language.</param>
/// <param name="formats">Forms the command's result has.</param>
sealed class CommandContext(ParseResult parsed, Globals globals, Terminal terminal, Settings settings, Strings say, Format[] formats)
{
    readonly HashSet<string> told = [];

    public Terminal Terminal => terminal;

    public Settings Settings => settings;

    public Strings Say => say;

    public Output Out { get; } = Output.Of(parsed, globals, terminal, settings, formats);

    /// <summary>Models that can be named.</summary>
    public ModelsAtHand Models { get; } = new(terminal, settings);

    /// <summary>Models that are kept.</summary>
    public ModelStore Store => Models.Store;

    /// <summary>Ctrl-C and the like.</summary>
    public CancellationToken Cancel => terminal.Interrupts.Token;

    public bool Yes => parsed.GetValue(globals.Yes);

    /// <summary>Whether the user wants to hear more than usual.</summary>
    public bool Detailed => IsDetailed(parsed, globals);

    /// <summary>Whether remarks may have colours.</summary>
    public bool Color => Output.HasColor(parsed, globals, terminal, settings);

    public static bool IsDetailed(ParseResult parsed, Globals globals) => Globals.Said(parsed, globals.Verbosity) is "d" or "diag";

    /// <summary>Whether an argument or an option was given, and has not its default.</summary>
    public bool IsGiven(Symbol symbol) => symbol switch
    {
        Option option => parsed.GetResult(option) is { Implicit: false },
        Argument argument => parsed.GetResult(argument) is { Tokens.Count: > 0 },
        _ => false,
    };

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>An option's value, else what is set elsewhere, else null.</summary>
    /// <exception cref="CliError">It is below 1, or above what the setting can be.</exception>
    public int? Get(Option<int?> option, Setting setting) => parsed.GetValue(option) switch
    {
        < 1 and var n => throw new CliError(2006, Say.Text("not-positive", option.Name, n)),
        { } n when n > setting.Most => throw new CliError(2006, Say.Text("too-large", option.Name, n, setting.Most)),
        var n => n ?? settings.Count(setting),
    };

    /// <summary>An option's value, else what is set elsewhere, else null.</summary>
    public float? Get(Option<float?> option, Setting setting) => parsed.GetValue(option) ?? settings.Real(setting);

    /// <summary>An option's value, else what is set elsewhere, else null.</summary>
    public string? Get(Option<string?> option, Setting setting) => parsed.GetValue(option) ?? settings.Text(setting);

    /// <summary>Tells what a model's files say that is not so, each once.</summary>
    /// <param name="warnings">A sentence each.</param>
    public void Warn(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
            if (told.Add(warning)) Out.Warn($"{Say["warning"]}: {warning}");
    }

    /// <summary>Asks at a terminal whether to go on; <c>--yes</c> answers, and without a terminal that must be said.</summary>
    /// <param name="question">What is to be done.</param>
    public bool Confirms(string question)
    {
        if (Yes) return true;
        if (!terminal.In.IsTty || !terminal.ErrorIsTty) throw new CliError(2033, question);
        terminal.Error.Write($"{Visible.OneLine(question)} [y/N] ");
        return ReadLine()?.Trim() is "y" or "Y" or "yes" or "是";
    }

    /// <summary>
    /// A text of the command line; <c>-</c>, or none where another program is at the other end, stands for standard input.
    /// </summary>
    /// <exception cref="CliError">There is none, and a person at the terminal who has not asked to type it.</exception>
    public string TextOrInput(string? said) => said switch
    {
        null when terminal.In.IsTty => throw new CliError(2009),
        null or StandardInput.Name => ReadInput(),
        _ => said,
    };

    /// <summary>All of standard input.</summary>
    public string ReadInput() => terminal.In.ReadAll(TellWaiting, Cancel);

    /// <summary>The next line of standard input; null: there is no more.</summary>
    public string? ReadLine() => terminal.In.ReadLine(TellWaiting, Cancel);

    void TellWaiting() => Out.Note(Say["input.waiting"]);
}
