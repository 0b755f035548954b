using System.CommandLine;

namespace Dayu.Cli;

/// <summary>A verb being called: what was asked, and everything that it may use.</summary>
/// <param name="parsed">The command line.</param>
/// <param name="globals">Options of every verb.</param>
/// <param name="terminal">The world outside.</param>
/// <param name="say">Texts in the user's language.</param>
/// <param name="formats">Forms the verb's result has.</param>
sealed class Call(ParseResult parsed, Globals globals, Terminal terminal, Strings say, Format[] formats)
{
    public Terminal Terminal => terminal;

    public Strings Say => say;

    public Output Out { get; } = Output.Of(parsed, globals, terminal, formats);

    /// <summary>Ctrl-C and the like.</summary>
    public CancellationToken Cancel => terminal.Interrupts.Token;

    public bool Yes => parsed.GetValue(globals.Yes);

    /// <summary>Whether the user wants to hear more than usual.</summary>
    public bool Detailed => IsDetailed(parsed, globals);

    /// <summary>Whether remarks may have colours.</summary>
    public bool Color => Output.HasColor(parsed, globals, terminal);

    public static bool IsDetailed(ParseResult parsed, Globals globals) => Globals.Said(parsed, globals.Verbosity) is "d" or "diag";

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T? Get<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>A flag's value, else the environment's, else null.</summary>
    public int? Number(Option<int?> option, string variable) => parsed.GetValue(option) is { } said ? said
        : terminal.Variable(variable) is not { } text ? null
        : int.TryParse(text, out var n) && n > 0 ? n : throw new Complaint(2006, say.Text("bad-variable", variable, text));
}
