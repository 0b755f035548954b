namespace Dayu.Cli;

/// <summary>What the program can do.</summary>
static class Program
{
    public static Entry[] Contents { get; } =
    [
        new("run", () => new RunVerb()),
        new("chat", () => new ChatVerb()),
        new("pull", () => new PullVerb()),
        new("import", () => new ImportVerb()),
        new("ls", () => new LsVerb()),
        new("show", () => new ShowVerb()),
        new("cp", () => new CpVerb()),
        new("rm", () => new RmVerb()),
        new("tokenizer", null, new("encode", () => new TokenizerEncodeVerb()), new("decode", () => new TokenizerDecodeVerb()), new("compare", () => new TokenizerCompareVerb())),
        new("embed", () => new EmbedVerb()),
        new("quantize", () => new QuantizeVerb()),
        new("eval", null, new("perplexity", () => new EvalPerplexityVerb()), new("lambada", () => new EvalLambadaVerb()), new("kl", () => new EvalKlVerb())),
        new("explain", null, new("tokens", () => new ExplainTokensVerb()), new("probs", () => new ExplainProbsVerb()),
            new("attention", () => new ExplainAttentionVerb()), new("embeddings", () => new ExplainEmbeddingsVerb())),
        new("bench", () => new BenchVerb(), new Entry("kernels", () => new BenchKernelsVerb())),
        new("doctor", () => new DoctorVerb()),
        new("config", null, new("get", () => new ConfigGetVerb()), new("set", () => new ConfigSetVerb()), new("unset", () => new ConfigUnsetVerb()), new("list", () => new ConfigListVerb()),
            new("path", () => new ConfigPathVerb()), new("schema", () => new ConfigSchemaVerb())),
        new("completion", () => new CompletionVerb(Contents!)),
        new("complete", () => new CompleteVerb()) { Hidden = true },
        new("help", () => new HelpVerb()),
    ];

    static int Main(string[] args)
    {
        using var terminal = Terminal.OfProcess();
        return App.Run(args, terminal, Contents);
    }
}
