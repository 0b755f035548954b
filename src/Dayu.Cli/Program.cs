namespace Dayu.Cli;

/// <summary>What the program can do.</summary>
static class Program
{
    public static Entry[] Contents { get; } =
    [
        new("run", () => new RunVerb()),
        new("chat", () => new ChatVerb()),
        new("ls", () => new LsVerb()),
        new("show", () => new ShowVerb()),
        new("tokenizer", null, new("encode", () => new TokenizerEncodeVerb()), new("decode", () => new TokenizerDecodeVerb()), new("compare", () => new TokenizerCompareVerb())),
        new("embed", () => new EmbedVerb()),
        new("quantize", () => new QuantizeVerb()),
        new("eval", null, new("perplexity", () => new EvalPerplexityVerb()), new("lambada", () => new EvalLambadaVerb())),
        new("explain", null, new("tokens", () => new ExplainTokensVerb()), new("probs", () => new ExplainProbsVerb()),
            new("attention", () => new ExplainAttentionVerb()), new("embeddings", () => new ExplainEmbeddingsVerb())),
        new("doctor", () => new DoctorVerb()),
        new("help", () => new HelpVerb()),
    ];

    static int Main(string[] args)
    {
        using var terminal = Terminal.OfProcess();
        return App.Run(args, terminal, Contents);
    }
}
