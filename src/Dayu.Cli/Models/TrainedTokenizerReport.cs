using System.Text.Json.Nodes;
using Dayu.Text;

namespace Dayu.Cli;

/// <summary>A tokenizer that was learned, for people and programs.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Trained">The tokenizer.</param>
/// <param name="Training">How many tokens the texts are that it was learned from.</param>
/// <param name="Test">The same of other texts; null: there are none.</param>
/// <param name="Measuring">How long it took to find that out.</param>
sealed record TrainedTokenizerReport(
    string Path, TokenizerTraining Options, TrainedTokenizer Trained, TokenUse Training, TokenUse? Test, TimeSpan Measuring)
{
    const int LongestShown = 10;

    /// <summary>Scripts with less than so much of the text are left out of what people see.</summary>
    const double LeastShown = 0.001;

    /// <summary>Tells it.</summary>
    public void Tell(CommandContext call)
    {
        call.Out.Result(Json(), Table.Pairs([.. Rows(call.Say)]));
        var (size, wanted) = (Trained.Tokenizer.VocabularySize, Options.VocabularySize);
        if (size < wanted) call.Out.Note(call.Say.Text("tokenizer.train.fewer", wanted, size));
    }

    IEnumerable<(string, string)> Rows(Strings say)
    {
        var tokenizer = Trained.Tokenizer;
        yield return (say["tokenizer.train.file"], Path);
        yield return (say["tokenizer.train.vocabulary"], say.Text("tokenizer.train.size",
            tokenizer.VocabularySize, Trained.Merges, tokenizer.Special.Added.Count));
        yield return (say["tokenizer.train.text"], say.Text("tokenizer.train.words", Units.Bytes(Trained.Bytes), Trained.DifferentWords));
        foreach (var row in Rows(say["tokenizer.train.of-training"], Training)) yield return row;
        if (Test is not null) foreach (var row in Rows(say["tokenizer.train.of-test"], Test)) yield return row;
        yield return (say["tokenizer.train.longest"], string.Join(' ', Longest.Select(t => $"‘{t}’")));
        yield return (say["tokenizer.train.time"], say.Text("tokenizer.train.times",
            Trained.Counting.TotalSeconds, Trained.Learning.TotalSeconds, Measuring.TotalSeconds));
    }

    static IEnumerable<(string, string)> Rows(string name, TokenUse use)
    {
        yield return (name, $"{use.Total.BytesPerToken:F3}");
        foreach (var (script, share) in use.ByScript)
            if (share.Bytes > LeastShown * use.Total.Bytes) yield return ($"  {script}", $"{share.BytesPerToken:F3}");
    }

    IEnumerable<string> Longest => Trained.Longest(LongestShown).Select(Trained.Tokenizer.TokenText);

    JsonObject Json() => new()
    {
        ["v"] = 1,
        ["path"] = Path,
        ["kind"] = Options.Kind.ToString().ToLowerInvariant(),
        ["vocabulary"] = Trained.Tokenizer.VocabularySize,
        ["merges"] = Trained.Merges,
        ["control"] = Trained.Tokenizer.Special.Added.Select(t => t.Text).ToJson(),
        ["bytes"] = Trained.Bytes,
        ["words"] = Trained.DifferentWords,
        ["training"] = Json(Training),
        ["test"] = Test is null ? null : Json(Test),
        ["longest"] = Longest.ToJson(),
        ["seconds"] = new JsonObject
        {
            ["count"] = Seconds(Trained.Counting), ["learn"] = Seconds(Trained.Learning), ["measure"] = Seconds(Measuring),
        },
    };

    static JsonObject Json(TokenUse use) => new()
    {
        ["bytes"] = use.Total.Bytes,
        ["tokens"] = use.Total.Tokens,
        ["bytes_per_token"] = Math.Round(use.Total.BytesPerToken, 4),
        ["bytes_per_token_by_script"] = new JsonObject(use.ByScript.Select(s =>
            new KeyValuePair<string, JsonNode?>(s.Script, Math.Round(s.Share.BytesPerToken, 4)))),
    };

    static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
