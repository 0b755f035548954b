using System.Globalization;
using System.Text.Json.Nodes;
using Dayu.Inference;

namespace Dayu.Bench;

/// <summary>
/// One model, Dayu and llama.cpp in turn, process after process, and the rows of the table that come of it.
/// </summary>
/// <param name="programs">How both are started.</param>
/// <param name="file">The model.</param>
/// <param name="threads">Threads of both.</param>
/// <param name="rounds">How often each is started; each times everything twice.</param>
internal sealed class ModelDuel(Programs programs, string file, int threads, int rounds)
{
    const int Times = 2;

    /// <summary>Names of the cells of a row.</summary>
    public const string Head = "| model | what | Dayu | llama.cpp v0.5.0 | ratio | bar | met |\n|---|---|---|---|---|---|---|";

    readonly ModelKind kind = Kind(programs, file);
    readonly List<double> reads = [];

    /// <summary>Memory reads of all rounds, GB/s.</summary>
    public IReadOnlyList<double> Reads => reads;

    /// <summary>
    /// All rows: prompt and answer, ready, memory; then answers after depths; then several together. Null: those that
    /// have bars.
    /// </summary>
    public IEnumerable<string> Rows(int[]? depths, int[]? batches)
    {
        foreach (var row in Duel(512, 128, 0, 1)) yield return row;
        foreach (var depth in depths ?? Bars.Depths(kind)) foreach (var row in Duel(0, 128, depth, 1)) yield return row;
        foreach (var batch in batches ?? Bars.Batches(kind)) foreach (var row in Duel(0, 64, 0, batch)) yield return row;
    }

    List<string> Duel(int prompt, int answer, int depth, int batch)
    {
        List<(List<JsonObject> Ours, List<JsonObject>? Theirs)> all = [];
        (string Name, int Value)[] settings =
            [("-p", prompt), ("-n", answer), ("-d", depth), ("-b", batch), ("-t", threads), ("-r", Times)];
        string[] options = [.. settings.SelectMany(s => new[] { s.Name, s.Value.ToString(CultureInfo.InvariantCulture) })];
        for (var round = 0; round < rounds; round++)
        {
            Console.Error.WriteLine($"{kind.Name} {string.Join(' ', options)}: round {round + 1} of {rounds}");
            if (programs.Dayu(["bench", file, .. options, "--format", "jsonl", "-q"]) is { Count: > 0 } ours)
                all.Add((ours, programs.Peer(["llama", "bench", file, .. options])));
        }
        if (all.Count == 0) return [];
        List<string> rows = [];
        for (var i = 0; i < all[0].Ours.Count; i++)
        {
            var first = all[0].Ours[i];
            var (test, mine, theirs) = ((string)first["test"]!, Of(r => r.Ours, i, "tok_s"), Of(r => r.Theirs, i, "tok_s"));
            var work = prompt > 0 && i == 0 ? $"prompt of {prompt}" : "one by one";
            var what = $"{work}{(depth > 0 ? $", after {depth}" : "")}{(batch > 1 ? $", {batch} together" : "")}, tok/s";
            var read = Of(r => r.Ours, i, "peak_gb_s");
            reads.AddRange(read);
            // Answering cannot be faster than memory: its bar is the peer's multiple, or a share of a plain read, whichever is lower.
            var byMemory = (double?)first["gb_token"] is { } gigabytes
                ? Bars.OfMemory * Statistics.Of(read).Median / gigabytes
                : double.PositiveInfinity;
            rows.Add(Row(what, mine, theirs, Bars.Of(kind, test, depth, batch), byMemory));
        }
        if (prompt > 0)
        {
            rows.Add(Limited("ready, s", Of(r => r.Ours, 0, "load_s"), Of(r => r.Theirs, 0, "load_s"), "F2", Bars.Ready(kind)));
            var (mine, theirs) = (Of(r => r.Ours, 0, "private_mib"), Of(r => r.Theirs, 0, "peak_mib"));
            rows.Add(Limited("memory at most, MiB (ours private, theirs resident)", mine, theirs, "F0", Bars.Memory(kind)));
        }
        return rows;

        List<double> Of(Func<(List<JsonObject> Ours, List<JsonObject>? Theirs), List<JsonObject>?> side, int i, string key) =>
            [.. all.Select(side).Where(s => s is not null && s.Count > i).Select(s => (double)s![i][key]!)];
    }

    string Row(string what, List<double> mine, List<double> theirs, double? bar, double byMemory)
    {
        var met = bar is null || theirs.Count == 0 ? ""
            : Ratio(mine, theirs).Median >= bar ? "yes"
            : Statistics.Of(mine).Median >= byMemory ? "yes, by memory"
            : "no";
        var said = bar is null ? "" : $"≥ {bar:F1}×{(double.IsFinite(byMemory) ? $" or {byMemory:F0} tok/s" : "")}";
        return Cells(what, mine, theirs, "F1", said, met);
    }

    string Limited(string what, List<double> mine, List<double> theirs, string form, double? bar) =>
        Cells(what, mine, theirs, form, bar is { } b ? $"≤ {b.ToString(form)}" : "",
            bar is null ? "" : Statistics.Of(mine).Median <= bar ? "yes" : "no");

    string Cells(string what, List<double> mine, List<double> theirs, string form, string bar, string met) =>
        $"| {kind.Name} | {what} | {Text(Statistics.Of(mine), form)} | "
            + $"{(theirs.Count > 0 ? Text(Statistics.Of(theirs), form) : "–")} | "
            + $"{(theirs.Count > 0 ? Text(Ratio(mine, theirs), "F2") : "–")} | {bar} | {met} |";

    static Statistics Ratio(List<double> mine, List<double> theirs) => Statistics.Of(mine.Zip(theirs, (m, t) => m / t));

    static string Text(Statistics s, string form) => $"{s.Median.ToString(form)} ({s.Min.ToString(form)} … {s.Max.ToString(form)})";

    static ModelKind Kind(Programs programs, string file)
    {
        var shown = programs.Dayu("show", file, "--json")?.FirstOrDefault() ?? throw new FileNotFoundException($"dayu cannot show {file}");
        var format = shown["formats"]!.AsArray().MaxBy(f => (int)f!["tensors"]!)!;
        return new(Path.GetFileName(file), (string)shown["family"]!, (int)shown["width"]!, (string)format["name"]!, (long)shown["bytes"]!);
    }
}
