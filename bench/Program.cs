using Dayu.Bench;

return (args.Length > 0 ? args[0] : "") switch
{
    "gemm" => GemmBench.Run(),
    "ops" => OpsBench.Run(args.Length > 1 ? args[1] : null),
    "workers" => WorkersBench.Run(),
    "tokenizers" => TokenizerBench.Run(args[1..]),
    "peers" => PeersBench.Run(args[1..]),
    "serve" => ServerLoad.Run(args[1..]),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        dotnet run -c Release --project bench -- gemm | workers | ops [NAME] | tokenizers FILE... | peers [--rounds N] FILE... | serve URL

        gemm        our products in float32 against OpenBLAS (DAYU_OPENBLAS names the library) and in bfloat16 against float32
        workers     what a parallel-for costs
        ops         every op of the tests
        tokenizers  *.txt are texts, everything else tokenizers
        peers       the peers of the shared folder (DAYU_SHARED) and Dayu in turn, on models; writes the table of docs/performance.md
        serve       clients that ask a server that runs (dayu serve), and what they see of it

        What users need is in the program itself: dayu bench (models), dayu bench kernels.
        On a shared machine only ratios of what ran in turn mean something. DAYU_CPU takes one path; DAYU_THREADS=n
        another number of threads; with one, processor time is counted.
        """);
    return 1;
}
