using System.Globalization;
using System.Text.Json.Nodes;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>The files of a run that nobody trained: losses of a formula.</summary>
static class MadeRun
{
    /// <summary>Loss of a step.</summary>
    public static double Loss(long step) => 1 + 4.0 / step + 0.1 * (step % 3);

    /// <summary>Writes one below a folder; measured every ten steps, 64 tokens a step, half a second each.</summary>
    public static RunFolder Write(string runs, string name, int steps, double rate = 1e-3, int planned = 0)
    {
        var run = new RunFolder(Path.Combine(runs, name));
        Directory.CreateDirectory(run.Checkpoint(steps));
        File.WriteAllText(Path.Combine(run.Checkpoint(steps), "model.safetensors"), new string('0', 1000));
        File.WriteAllText(run.RecipePath, new JsonObject
        {
            ["version"] = 1, ["data"] = new JsonObject { ["sources"] = new JsonArray("text.txt"), ["window"] = 64 },
            ["schedule"] = new JsonObject { ["rate"] = rate, ["steps"] = planned > 0 ? planned : steps }, ["seed"] = 1,
        }.ToJsonString());
        File.WriteAllText(run.OriginPath, """{"version":1,"machine":"a machine","begun":"2026-01-02T03:04:05Z"}""");
        File.WriteAllLines(run.MetricsPath, Enumerable.Range(1, steps).SelectMany(s => Lines(s, rate)));
        RunFolder.Append(run.SamplesPath, new() { ["step"] = steps, ["prompt"] = "大禹", ["answer"] = "治水\nand more" });
        return run;
    }

    /// <summary>The lines of a step.</summary>
    public static IEnumerable<string> Lines(int step, double rate)
    {
        yield return string.Create(CultureInfo.InvariantCulture,
            $$"""{"step":{{step}},"loss":{{Loss(step):R}},"gradient_norm":0.5,"rate":{{rate:R}},"tokens":64,"tokens_per_s":128}""");
        if (step % 10 == 0)
            yield return string.Create(CultureInfo.InvariantCulture,
                $$$"""{"step":{{{step}}},"validation_loss":{{{Loss(step) + 0.5:R}}},"validation":{"a/b":2,"故事":3}}""");
    }
}
