using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Templates;
using Dayu.Tensors;
using Dayu.Text;
using Dayu.Training;

namespace Dayu.Cli;

/// <summary>
/// Turns what went wrong into one sentence, a next step, and an exit code. What the libraries say is passed on inside a frame
/// of the user's language.
/// </summary>
/// <param name="Number">Of the error, or an exit code by itself where there is nothing to tell.</param>
/// <param name="Args">Go into the text.</param>
sealed record CliErrors(int Number, object[] Args)
{
    const int First = 1000;

    /// <summary>The text that says what to do, where it is not the one of the number.</summary>
    public string? Hint { get; init; }

    /// <summary>What to tell of an exception.</summary>
    public static CliErrors Of(Exception e, Terminal terminal) => e switch
    {
        CliError c => new(c.Number, c.Args),
        HubException h => HubErrors.Of(h),
        OperationCanceledException => new(terminal.Interrupts.Code ?? Exit.Interrupted, []),
        ReaderGoneException => new(Exit.Ok, []),
        OutputException => new(1016, [e.Message]),
        ContextOverflowException c => new(1004, [c.Prompt, c.Context, "N"]),
        NonFiniteException c => new(1006, [c.Value]),
        NonFiniteLossException => new(1040, [e.Message]),
        RecipeException { InnerException: JsonFault fault } => new(2075, [JsonErrors.InFile(fault)]),
        RecipeException r => new(2075, [e.Message]) { Hint = $"hint.recipe.{r.Fault}".ToLowerInvariant() },
        RunException r => new(2076, [e.Message, r.Run ?? ""]) { Hint = $"hint.run.{r.Fault}".ToLowerInvariant() },
        CorpusException => new(2120, [e.Message]),
        TokenizerNotFoundException => new(3003, [e.Message]) { Hint = "hint.tokenizer" },
        ContextTooLargeException c => new(2007, [c.Context, c.Most]),
        EmptyTextException => new(2009, []),
        SystemRoleException c => new(2070, [c.Reason]),
        TemplateException { RaisedByTemplate: true } => new(2071, [e.Message]),
        TemplateException => new(7002, [e.Message]),
        HeadNotFoundException c => new(2042, [c.Layer, c.Head, c.LastLayer, c.LastHead]),
        UnknownTextException c => new(2048, [c.Unknown, c.Pieces]),
        TextTooLongException c => new(2046, [c.Tokens, c.Most]),
        TokenOutOfModelException c => new(2049, [c.Token, c.Id, c.Vocabulary, c.Vocabulary - 1]),
        WordNotFoundException { Found: 0 } c => new(2041, [c.Word, string.Join(' ', c.Pieces)]),
        WordNotFoundException c => new(2045, [c.Word, c.Found, c.Occurrence]),
        FileNotFoundException or DirectoryNotFoundException => FileErrors.Of(e) ?? new(3003, [e.Message]),
        WeightRangeException w when float.IsFinite(w.Value) => new(7751, [w.Tensor, w.Row, w.Column, w.Value, w.Format, w.Most]),
        WeightRangeException w => new(7750, [w.Tensor, w.Row, w.Column, w.Value]),
        FormatRangeException => new(2600, [e.Message]),
        OutOfMemoryException => new(4001, [e.Message]),
        VocabularyTooSmallException v => new(2095, [v.Size, v.Control, v.Alphabet, v.Control + v.Alphabet]),
        AdapterAloneException => new(7001, [e.Message]) { Hint = "hint.adapter" },
        InvalidDataException { InnerException: JsonFault fault } => new(7001, [JsonErrors.InFile(fault)]),
        InvalidDataException or TokenizerException or NotSupportedException => new(7001, [e.Message]),
        ArgumentException => new(2006, [FirstLine(e.Message)]),
        UnauthorizedAccessException => FileErrors.Of(e) ?? new(1003, [e.Message]),
        IOException => new(1001, [e.Message]),
        _ => new(1002, [e.GetType().Name, e.Message]),
    };

    /// <summary>The sentence that says what is wrong.</summary>
    public string Text(Strings say) => say.Text($"error.{Number}", Args);

    /// <summary>Tells it, and gives the exit code.</summary>
    public int Tell(Exception e, Terminal terminal, Strings say, bool color, bool detailed)
    {
        if (Number < First) return Number;
        var label = $"{say["error"]} DAYU-{Number}";
        terminal.Error.WriteLine($"{(color ? $"\e[31m{label}\e[0m" : label)}: {Visible.Of(Text(say))}");
        var hint = say.Text(Hint ?? $"error.{Number}.hint", Args);
        if (hint.Length > 0) terminal.Error.WriteLine(Visible.Of($"  {hint}"));
        if (detailed) terminal.Error.WriteLine(Visible.Of(e.ToString()));
        return Number / First;
    }

    static string FirstLine(string message) => message.Split(" (Parameter '")[0].Split('\n')[0];
}
