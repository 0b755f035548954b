using System.CommandLine;
using System.Globalization;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Cli;

/// <summary>How an answer is wanted. What is not said, settings say (<see cref="Setting"/>), then the model itself.</summary>
/// <param name="named">Whether <c>-n</c> stands for <c>--max-tokens</c>; a command may count something else by it.</param>
sealed class GenerationOptions(bool named = true)
{
    readonly Option<float?> temperature = Value("--temperature");
    readonly Option<float?> topP = Value("--top-p"), minP = Value("--min-p"), typical = Value("--typical");
    readonly Option<float?> repeat = Value("--repeat-penalty");
    readonly Option<float?> presence = Value("--presence-penalty"), frequency = Value("--frequency-penalty");
    readonly Option<int?> topK = new("--top-k") { HelpName = "k" }, logProbs = new("--logprobs") { HelpName = "n" };
    readonly Option<int?> maxTokens = new("--max-tokens", named ? ["-n"] : []) { HelpName = "n" };
    readonly Option<Seed?> seed = new("--seed") { HelpName = "n" };
    readonly Option<string[]> bias = new("--logit-bias") { HelpName = "id=value" }, stop = new("--stop") { HelpName = "text" };

    public IEnumerable<Symbol> All =>
        [temperature, topK, topP, minP, typical, repeat, presence, frequency, bias, stop, logProbs, maxTokens, seed];

    /// <summary>For commands that write texts and nothing about them.</summary>
    public IEnumerable<Symbol> OfTexts => All.Where(s => s != logProbs);

    /// <summary>The seed that was given; null: none was, or a random one is wanted.</summary>
    public ulong? Seed(CommandContext call) => call.Get(seed)?.Value;

    static Option<float?> Value(string name) => new(name) { HelpName = "x" };

    /// <summary>The settings for a model.</summary>
    /// <exception cref="ArgumentException">A value is out of range; says which.</exception>
    public GenerationSettings Settings(CommandContext call, SamplerSettings own) => Overrides(call).Over(own);

    GenerationOverrides Overrides(CommandContext call) => new()
    {
        Temperature = call.Get(temperature, Setting.Temperature),
        TopK = call.Get(topK),
        TopP = call.Get(topP, Setting.TopP),
        MinP = call.Get(minP, Setting.MinP),
        Typical = call.Get(typical),
        RepetitionPenalty = call.Get(repeat, Setting.RepeatPenalty),
        PresencePenalty = call.Get(presence),
        FrequencyPenalty = call.Get(frequency),
        LogitBias = call.Get(bias) is { Length: > 0 } said ? Biases(said) : null,
        Seed = call.Get(seed)?.Value ?? call.Terminal.Seed(),
        LogProbs = LogProbs(call),
        MaxTokens = call.Get(maxTokens, Setting.MaxTokens),
        Stop = [.. (call.Get(stop) ?? []).Select(s => StopText.Of(s, call))],
    };

    int? LogProbs(CommandContext call) =>
        call.Get(logProbs) is < 0 and var n ? throw new CliError(2006, call.Say.Text("not-positive", "--logprobs", n)) : call.Get(logProbs);

    static Dictionary<int, float> Biases(string[] said)
    {
        var biases = new Dictionary<int, float>();
        foreach (var pair in said)
        {
            var at = pair.IndexOf('=');
            if (at <= 0 || !int.TryParse(pair.AsSpan(0, at), NumberStyles.None, null, out var id)) throw new CliError(2008, pair);
            if (!Numbers.TryReal(pair[(at + 1)..], out var value)) throw Numbers.Error("--logit-bias", pair[(at + 1)..], isWhole: false);
            biases[id] = (float)value;
        }
        return biases;
    }
}
