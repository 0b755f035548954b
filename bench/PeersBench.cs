using System.Globalization;
using Dayu.Inference;

namespace Dayu.Bench;

/// <summary>
/// Dayu beside its peers, in one run: models, products of matrices, tokenizers. What was measured is printed and
/// written into docs/performance.md, each kind between its own marks.
/// </summary>
internal static class PeersBench
{
    public static int Run(string[] args)
    {
        var rounds = 3;
        var threads = Environment.ProcessorCount;
        var depths = (int[]?)null;
        var batches = (int[]?)null;
        var files = new List<string>();
        var words = new HashSet<string>();
        for (var i = 0; i < args.Length; i++)
            switch (args[i])
            {
                case "--rounds" when ++i < args.Length: rounds = int.Parse(args[i], CultureInfo.InvariantCulture); break;
                case "--threads" when ++i < args.Length: threads = int.Parse(args[i], CultureInfo.InvariantCulture); break;
                case "--depths" when ++i < args.Length: depths = Numbers(args[i]); break;
                case "--batches" when ++i < args.Length: batches = Numbers(args[i]); break;
                case "gemm" or "tokenizers": words.Add(args[i]); break;
                default: files.Add(Path.GetFullPath(args[i])); break;
            }
        var absent = files.FirstOrDefault(f => !Path.Exists(f));
        if (absent is not null || files.Count + words.Count == 0)
        {
            Console.Error.WriteLine(absent is null ? "peers: name models, gemm or tokenizers" : $"peers: {absent} is not there");
            return 1;
        }
        var programs = new Programs();
        if (files.Count > 0) Tell(programs, "peers: models", Models(programs, files, threads, rounds, depths, batches));
        if (words.Contains("gemm"))
            Tell(programs, "peers: gemm",
                $"{Heading(programs)} One thread in processor time; medians of rounds in turn.\n\n{GemmBench.Table()}");
        if (words.Contains("tokenizers") && TokenizerDuel.Table(programs) is { } table)
            Tell(programs, "peers: tokenizers", $"{Heading(programs)} {table}");
        return 0;
    }

    static string Models(Programs programs, List<string> files, int threads, int rounds, int[]? depths, int[]? batches)
    {
        var duels = files.Select(f => new ModelDuel(programs, f, threads, rounds)).ToArray();
        List<string> rows = [];
        foreach (var row in duels.SelectMany(d => d.Rows(depths, batches)))
        {
            Console.Error.WriteLine(row);
            rows.Add(row);
        }
        var read = Statistics.Of(duels.SelectMany(d => d.Reads));
        return $"{Heading(programs)} Threads: {threads}; rounds in turn: {rounds}; median (least … greatest), "
            + "ratios round by round. Memory read in the same rounds: "
            + $"{read.Median:F1} GB/s ({read.Min:F1} … {read.Max:F1}).\n\n{ModelDuel.Head}\n{string.Join('\n', rows)}";
    }

    static string Heading(Programs programs)
    {
        var machine = programs.Dayu("doctor", "--json")?.FirstOrDefault();
        return $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {machine?["cpu"]}, {machine?["cores"]} cores, "
            + $".NET {Environment.Version}, path {machine?["path"]}.";
    }

    static void Tell(Programs programs, string section, string text)
    {
        Console.WriteLine(text);
        PageSection.Write(programs.Page("docs/performance.md"), section, text);
    }

    static int[] Numbers(string said) =>
        [.. said.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
}
