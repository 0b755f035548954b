using Dayu.Bench;

return (args.Length > 0 ? args[0] : "") switch
{
    "gemm" => GemmBench.Run(),
    "quant" => QuantBench.Run(),
    "workers" => WorkersBench.Run(),
    "model" when args.Length > 1 => ModelBench.Run(args[1], Environment.GetEnvironmentVariable("DAYU_THREADS") is { } n ? int.Parse(n) : 0),
    _ => Usage(),
};

static int Usage()
{
    Console.WriteLine("""
        dotnet run -c Release --project bench -- gemm | quant | workers | model FILE

        Rounds are interleaved with what the machine can do at best (multiply-adds in registers, a plain read of the same
        bytes), and medians are printed with their ratio to it: on a shared machine only the ratio means something.
        DAYU_CPU=avx512|avx2|portable takes another path; DAYU_THREADS=n another number of threads.
        """);
    return 1;
}
