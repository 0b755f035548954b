namespace Dayu.Cli;

/// <summary>What the program can do.</summary>
static class Program
{
    public static Entry[] Contents { get; } =
    [
        new("run", () => new RunCommand()),
        new("chat", () => new ChatCommand()),
        new("pull", () => new PullCommand()),
        new("import", () => new ImportCommand()),
        new("ls", () => new LsCommand()),
        new("show", () => new ShowCommand()),
        new("cp", () => new CpCommand()),
        new("rm", () => new RmCommand()),
        new("new", () => new NewCommand()),
        new("tokenizer", null,
            new("encode", () => new TokenizerEncodeCommand()),
            new("decode", () => new TokenizerDecodeCommand()),
            new("compare", () => new TokenizerCompareCommand()),
            new("train", () => new TokenizerTrainCommand())),
        new("serve", () => new ServeCommand()),
        new("ps", () => new PsCommand()),
        new("stop", () => new StopCommand()),
        new("data", null,
            new("prepare", () => new DataPrepareCommand()),
            new("stats", () => new DataStatsCommand()),
            new("peek", () => new DataPeekCommand()),
            new Entry("sample", () => new DataSampleCommand())),
        new("train", () => new TrainCommand()),
        new("finetune", () => new FinetuneCommand()),
        new("runs", null,
            new("ls", () => new RunsLsCommand()),
            new("show", () => new RunsShowCommand()),
            new("compare", () => new RunsCompareCommand()),
            new("tail", () => new RunsTailCommand()),
            new("export", () => new RunsExportCommand()),
            new("rm", () => new RunsRmCommand())),
        new("embed", () => new EmbedCommand()),
        new("quantize", () => new QuantizeCommand()),
        new("export", () => new ExportCommand()),
        new("eval", null,
            new("perplexity", () => new EvalPerplexityCommand()),
            new("lambada", () => new EvalLambadaCommand()),
            new("kl", () => new EvalKlCommand())),
        new("explain", null,
            new("tokens", () => new ExplainTokensCommand()),
            new("probs", () => new ExplainProbsCommand()),
            new("attention", () => new ExplainAttentionCommand()),
            new("embeddings", () => new ExplainEmbeddingsCommand()),
            new("scale", () => new ExplainScaleCommand())),
        new("bench", () => new BenchCommand(), new Entry("kernels", () => new BenchKernelsCommand()),
            new Entry("train", () => new BenchTrainCommand())),
        new("doctor", () => new DoctorCommand()),
        new("config", null,
            new("get", () => new ConfigGetCommand()),
            new("set", () => new ConfigSetCommand()),
            new("unset", () => new ConfigUnsetCommand()),
            new("list", () => new ConfigListCommand()),
            new("path", () => new ConfigPathCommand()),
            new("schema", () => new ConfigSchemaCommand())),
        new("completion", () => new CompletionCommand(Contents!)),
        new("complete", () => new CompleteCommand()) { Hidden = true },
        new("help", () => new HelpCommand()),
    ];

    static int Main(string[] args)
    {
        using var terminal = Terminal.OfProcess();
        return App.Run(args, terminal, Contents);
    }
}
