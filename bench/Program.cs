using Dayu.Bench;

return (args.Length > 0 ? args[0] : "") switch
{
    "gemm" => GemmBench.Run(),
    "quant" => QuantBench.Run(args.Length > 1 ? args[1] : null),
    "ops" => OpsBench.Run(args.Length > 1 ? args[1] : null),
    "attention" => AttentionBench.Run(args.Length > 1 ? args[1] : null),
    "workers" => WorkersBench.Run(),
    "model" when args.Length > 1 => ModelBench.Run(args[1], Settings.Threads[^1], args.Length > 2 ? args[2] : null, args.Length > 3 ? int.Parse(args[3]) : 0),
    "tokenizers" => TokenizerBench.Run(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        dotnet run -c Release --project bench -- gemm | quant [FORMAT] | workers | ops [NAME] | attention [MODEL] | model FILE [pp|tg [DEPTH]] | tokenizers FILE...

        Rounds are interleaved with what the machine can do at best (multiply-adds in registers, a plain read of the same
        bytes), and medians are printed with their ratio to it: on a shared machine only the ratio means something.
        DAYU_CPU=avx512vnni|avx512|avx2|portable takes one path, else the best two run side by side; DAYU_THREADS=n another number of threads.
        """);
    return 1;
}
