using System.Globalization;
using System.Text.Json.Nodes;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>A training's folder: its recipe, what was measured, and checkpoints, each a model folder that anything opens.</summary>
/// <param name="path">Where it lies.</param>
public sealed class RunFolder(string path)
{
    /// <summary>Where it lies.</summary>
    public string Path => path;

    /// <summary>What it is called.</summary>
    public string Name => System.IO.Path.GetFileName(path);

    /// <summary>The recipe as it was followed: every value.</summary>
    public string RecipePath => In("recipe.json");

    /// <summary>A line for each step.</summary>
    public string MetricsPath => In("metrics.jsonl");

    /// <summary>What the model went on with, and when.</summary>
    public string SamplesPath => In("samples.jsonl");

    /// <summary>What made it: program, machine, hashes.</summary>
    public string OriginPath => In("origin.json");

    /// <summary>The tokenizer that every checkpoint gets a copy of.</summary>
    public string TokenizerPath => In("tokenizer.json");

    /// <summary>Checkpoints, by their step, ascending.</summary>
    public IReadOnlyList<long> Checkpoints => !Directory.Exists(In("checkpoints")) ? []
        : [.. Directory.EnumerateDirectories(In("checkpoints")).Select(d => StepOf(System.IO.Path.GetFileName(d))).OfType<long>().Order()];

    /// <summary>Whether there is a run.</summary>
    public bool Exists => File.Exists(RecipePath);

    /// <summary>The folder of a checkpoint.</summary>
    public string Checkpoint(long step) => In("checkpoints", step.ToString("D7", CultureInfo.InvariantCulture));

    /// <summary>The newest checkpoint; null: there is none.</summary>
    public string? Newest => Checkpoints is [.., var last] ? Checkpoint(last) : null;

    /// <summary>Adds a line to a file of the run.</summary>
    public static void Append(string file, JsonObject line) => File.AppendAllText(file, line.ToJsonString() + "\n");

    /// <summary>Leaves out the lines after a step: they are about to be written once more. A line that was cut off goes too.</summary>
    public static void Rewind(string file, long step)
    {
        if (!File.Exists(file)) return;
        string[] kept = [.. File.ReadLines(file).Where(l => StepOfLine(l) is { } s && s <= step)];
        WholeFile.Write(file, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            foreach (var line in kept) writer.Write(line + "\n");
        });
    }

    /// <summary>Removes all checkpoints but the newest few and those that are to stay.</summary>
    /// <param name="newest">How many of the newest stay.</param>
    /// <param name="stays">Steps that stay besides.</param>
    public void Prune(int newest, params long[] stays)
    {
        foreach (var step in Checkpoints.SkipLast(newest).Except(stays)) Directory.Delete(Checkpoint(step), recursive: true);
    }

    static long? StepOfLine(string line)
    {
        try { return (long?)JsonNode.Parse(line)?["step"]; }
        catch (System.Text.Json.JsonException) { return null; }
    }

    static long? StepOf(string name) => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;

    string In(params string[] parts) => System.IO.Path.Combine([path, .. parts]);
}
