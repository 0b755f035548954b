using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>How several tokenizers cut one text: how many tokens, how fast, whether the text comes back, and where they cut otherwise.</summary>
sealed class TokenizerCompareCommand : CliCommand
{
    const int MostAligned = 160, Rounds = 3;                         // characters that are shown cut; times that encoding is timed

    readonly Argument<string[]> names = new("tokenizers") { Arity = ArgumentArity.OneOrMore };
    readonly Option<string?> text = new("--text") { HelpName = "text" }, data = new("--data") { HelpName = "file" };

    public override IEnumerable<Symbol> Takes => [names, text, data];

    public override int Run(CommandContext call)
    {
        var said = call.Get(text) ?? (call.Get(data) is { } file ? new TextFile(Path.Combine(call.Terminal.Folder, file)).Whole() : call.Terminal.InIsTty ? throw new CliError(2009) : call.Terminal.In.ReadToEnd());
        if (said.Length == 0) throw new CliError(2009);
        TokenizerTrial[] trials = [.. call.Get(names)!.Select(n => Try(call, n, said))];
        var scripts = TextScripts.Names.Where(s => trials[0].ByScript.ContainsKey(s)).ToArray();
        call.Out.Result("tokenizers", [.. trials.Select(t => t.Json(scripts))],
            new(["TOKENIZER", "VOCABULARY>", "TOKENS>", "BYTES/TOKEN>", "CHARS/TOKEN>", .. scripts.Select(s => $"{s.ToUpperInvariant()}>"), "ROUND TRIP", "MB/S>"], [.. trials.Select(t => t.Row(call, scripts))]));
        if (!call.Out.IsText) return Exit.Ok;
        call.Out.Note(call.Say["compare.legend"]);
        foreach (var t in trials.Where(t => !t.ComesBack)) call.Out.Note(call.Say.Text("compare.lossy", t.Name, t.Back));
        if (said.EnumerateRunes().Count() <= MostAligned) call.Out.Text("\n" + string.Concat(trials.Select(t => t.Cuts(trials.Max(o => CellWidth.Of(o.Name))) + "\n")));
        return Exit.Ok;
    }

    static TokenizerTrial Try(CommandContext call, string name, string said)
    {
        var path = Path.Combine(call.Terminal.Folder, name);
        var tokenizer = TokenizerFiles.Open(Path.Exists(path) ? path : call.Models.Resolve(name, call.Say));
        var ids = tokenizer.Encode(said, addSpecial: false, parseSpecial: false);
        var fastest = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            call.Cancel.ThrowIfCancellationRequested();
            var start = call.Terminal.Clock.GetTimestamp();
            _ = tokenizer.Encode(said, addSpecial: false, parseSpecial: false);
            if (call.Terminal.Clock.GetElapsedTime(start) is var time && time < fastest) fastest = time;
        }
        return new(ShortName(name), tokenizer, said, ids, fastest);
    }

    /// <summary>The last two parts of a path: one of them says which tokenizer it is.</summary>
    static string ShortName(string name) => string.Join('/', name.Split('/', '\\').Where(p => p.Length > 0).TakeLast(2));
}

/// <summary>A tokenizer with a text that it has cut.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Tokenizer">Itself.</param>
/// <param name="Said">The text.</param>
/// <param name="Ids">What became of it.</param>
/// <param name="Time">How long that took.</param>
sealed record TokenizerTrial(string Name, Tokenizer Tokenizer, string Said, List<int> Ids, TimeSpan Time)
{
    readonly int bytes = Encoding.UTF8.GetByteCount(Said), characters = Said.EnumerateRunes().Count();

    /// <summary>The text that the tokens say.</summary>
    public string Back { get; } = Tokenizer.Decode(Ids);

    /// <summary>Whether that is the text.</summary>
    public bool ComesBack => Back == Said;

    /// <summary>Characters a token, for each kind of text.</summary>
    public SortedDictionary<string, double> ByScript { get; } = TextScripts.CharactersPerToken(Tokenizer, Said);

    double MegabytesPerSecond => bytes / 1e6 / Math.Max(1e-9, Time.TotalSeconds);

    public string[] Row(CommandContext call, string[] scripts) =>
    [
        Name, $"{Tokenizer.VocabularySize:N0}", $"{Ids.Count:N0}", $"{(double)bytes / Math.Max(1, Ids.Count):F2}", $"{(double)characters / Math.Max(1, Ids.Count):F2}",
        .. scripts.Select(s => $"{ByScript[s]:F2}"), call.Say[ComesBack ? "affirmed" : "denied"], $"{MegabytesPerSecond:F1}",
    ];

    public JsonObject Json(string[] scripts) => new()
    {
        ["name"] = Name, ["vocabulary"] = Tokenizer.VocabularySize, ["tokens"] = Ids.Count, ["bytes"] = bytes, ["characters"] = characters,
        ["bytes_per_token"] = Math.Round((double)bytes / Math.Max(1, Ids.Count), 4), ["chars_per_token"] = Math.Round((double)characters / Math.Max(1, Ids.Count), 4),
        ["chars_per_token_by_script"] = new JsonObject(scripts.Select(s => KeyValuePair.Create(s, (JsonNode?)Math.Round(ByScript[s], 4)))),
        ["round_trip"] = ComesBack, ["seconds"] = Math.Round(Time.TotalSeconds, 6), ["ids"] = new JsonArray([.. Ids.Select(i => (JsonNode)i)]),
    };

    /// <summary>The text with a stroke at every cut; a character of several tokens says how many.</summary>
    public string Cuts(int nameWidth) => $"{CellWidth.Pad(Name, nameWidth)}  {string.Join('│', new TextSpans(Tokenizer, Ids).All.Select(p => Visible.OneLine(p.Text).Replace(' ', '·') + (p.Count > 1 ? $"({p.Count})" : "")))}";
}
