using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Models;

namespace Dayu.Training;

/// <summary>A training's folder: its recipe, what was measured, and checkpoints, each a model folder that anything opens.</summary>
/// <param name="path">Where it lies.</param>
public sealed class RunFolder(string path)
{
    FileStream? claimed;

    /// <summary>Where it lies.</summary>
    public string Path => path;

    /// <summary>What it is called.</summary>
    public string Name => System.IO.Path.GetFileName(path);

    /// <summary>The recipe as it was followed: every value.</summary>
    public string RecipePath => In("recipe.json");

    /// <summary>
    /// The recipe as it is written; a newer program may have written what this one does not know. Empty: it cannot be read.
    /// </summary>
    public JsonObject Recipe => Said(RecipePath);

    /// <summary>What made it: program, machine, hashes. Empty: it cannot be read.</summary>
    public JsonObject Origin => Said(OriginPath);

    /// <summary>Whether tokens are parts of words, and no single characters.</summary>
    public bool HasSubwords => Recipe is var recipe && (recipe["data"] as JsonObject)?["tokenizer"]?.ToString() is { } tokenizer
        ? tokenizer != Training.Recipe.Characters
        : recipe["start"]?.ToString() is not (null or Training.Recipe.Random);

    /// <summary>A file that is not there or cannot be read says nothing: the others do.</summary>
    static JsonObject Said(string path)
    {
        try { return JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? []; }
        catch (Exception e) when (e is IOException or JsonException) { return []; }
    }

    /// <summary>A line for each step.</summary>
    public string MetricsPath => In("metrics.jsonl");

    /// <summary>What the model went on with, and when.</summary>
    public string SamplesPath => In("samples.jsonl");

    /// <summary>The file that says what made it.</summary>
    public string OriginPath => In("origin.json");

    /// <summary>The checkpoint that it began as a fork of; null: it is none.</summary>
    /// <exception cref="RunException">That checkpoint is gone.</exception>
    internal string? ForkedFrom
    {
        get
        {
            var from = File.Exists(OriginPath) ? Models.Checkpoint.ReadJson(OriginPath)["forked_from"] : null;
            if (from is not JsonObject said || said["path"]?.ToString() is not { } path) return null;
            return Directory.Exists(path) ? path : throw new RunException(RunFault.Lost,
                $"{Path}: it began as a fork of {path}, which is gone, and it has no checkpoint of its own", Name);
        }
    }

    /// <summary>What is read: sources, their tokens, and which documents were left out, with the reason.</summary>
    public string DataPath => In("data.json");

    /// <summary>Of preferences: what the model made of each answer before its first step.</summary>
    internal string ReferencePath => In("reference.safetensors");

    /// <summary>The run that a checkpoint's folder is of.</summary>
    internal static RunFolder OfCheckpoint(string checkpoint) =>
        new(System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(checkpoint))!)!);

    /// <summary>The tokenizer that every checkpoint gets a copy of, with what lies beside it (a chat template, say).</summary>
    public string TokenizerPath => (Directory.Exists(path) ? TokenizerFiles.Find(path) : null) ?? In("tokenizer.json");

    /// <summary>The chat template, where there is one.</summary>
    public string TemplatePath => In("chat_template.jinja");

    string LockPath => In(".lock");

    /// <summary>Checkpoints, by their step, ascending.</summary>
    public IReadOnlyList<long> Checkpoints => !Directory.Exists(In("checkpoints")) ? []
        : [.. Directory.EnumerateDirectories(In("checkpoints")).Select(d => StepOf(System.IO.Path.GetFileName(d))).OfType<long>().Order()];

    /// <summary>Whether there is a run.</summary>
    public bool Exists => File.Exists(RecipePath);

    /// <summary>The folder of a checkpoint.</summary>
    public string Checkpoint(long step) => In("checkpoints", step.ToString("D7", CultureInfo.InvariantCulture));

    /// <summary>The newest checkpoint; null: there is none.</summary>
    public string? Newest => Checkpoints is [.., var last] ? Checkpoint(last) : null;

    /// <summary>
    /// Makes the folder, if nobody has it, and holds it until <see cref="Hold"/> takes over. One that was claimed and never became a run
    /// (the process was killed) is taken again, emptied.
    /// </summary>
    /// <returns>Whether it is this process's now.</returns>
    internal bool Claim()
    {
        if (!IsFree) return false;
        Directory.CreateDirectory(path);
        try { claimed = Locked(); }
        catch (DirectoryNotFoundException) { return false; }          // another took it for left behind
        catch (IOException) when (File.Exists(LockPath)) { return false; }
        if (IsFree)                                                   // still: nobody was faster and has let go since
        {
            foreach (var file in Directory.EnumerateFiles(path).Where(f => f != LockPath)) File.Delete(file);
            return true;
        }
        Hold().Dispose();
        return false;
    }

    /// <summary>Whether it is nothing, or was claimed and never begun. A folder that something else lies in is not touched.</summary>
    internal bool IsFree => !Exists && (!Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any()
        || File.Exists(LockPath) && !Directory.EnumerateDirectories(path).Any());

    /// <summary>Takes the run for this process alone.</summary>
    /// <exception cref="RunException">Another process trains it.</exception>
    public FileStream Hold()
    {
        if (Interlocked.Exchange(ref claimed, null) is { } mine) return mine;
        for (var (tries, spin) = (30, new SpinWait()); ; tries--)    // who only asks whether it is held lets go at once
            try { return Locked(); }
            catch (IOException e) when (File.Exists(LockPath))
            {
                if (tries == 0) throw new RunException(RunFault.Held, $"{Name} is being trained by another process", Name, e);
                spin.SpinOnce();
            }
    }

    FileStream Locked() => new(LockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Whether a process trains it now.</summary>
    public bool IsHeld
    {
        get
        {
            try
            {
                if (File.Exists(LockPath)) new FileStream(LockPath, FileMode.Open, FileAccess.Read, FileShare.None).Dispose();
                return false;
            }
            catch (FileNotFoundException) { return false; }
            catch (IOException) { return true; }
        }
    }

    /// <summary>Adds a line to a file of the run.</summary>
    public static void Append(string file, JsonObject line) => File.AppendAllText(file, line.ToJsonString() + "\n");

    /// <summary>The lines of such a file, while it may be written to; one that was cut off is left out.</summary>
    public static IEnumerable<JsonObject> Read(string file) => Lines(file).Select(Parsed).OfType<JsonObject>();

    /// <summary>The same as they stand there.</summary>
    internal static IEnumerable<string> Lines(string file)
    {
        if (!File.Exists(file)) yield break;
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        while (reader.ReadLine() is { } line) yield return line;
    }

    /// <summary>Leaves out the lines after a step: they are about to be written once more.</summary>
    public static void Rewind(string file, long step)
    {
        if (!File.Exists(file)) return;
        string[] kept = [.. Read(file).Where(l => (long?)l[MetricNames.Step] <= step).Select(l => l.ToJsonString())];
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

    /// <summary>
    /// Takes a run away that nobody trains: it gets a name that none has while it is held, so nobody finds half of it.
    /// </summary>
    /// <exception cref="RunException">A process trains it.</exception>
    public void Remove()
    {
        var gone = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, $"{RunStore.Gone}{Guid.NewGuid():N}");
        using (var held = Hold())
        {
            if (OperatingSystem.IsWindows()) held.Dispose();          // which moves no folder in which a file is open
            Directory.Move(path, gone);
        }
        Directory.Delete(gone, recursive: true);
    }

    /// <summary>Takes one checkpoint away from a run that nobody trains.</summary>
    /// <exception cref="RunException">A process trains it.</exception>
    public void RemoveCheckpoint(long step)
    {
        using var held = Hold();
        var gone = In("checkpoints", $".{step}.gone");                // none that is half there has the name of one
        if (Directory.Exists(gone)) Directory.Delete(gone, recursive: true);
        Directory.Move(Checkpoint(step), gone);
        Directory.Delete(gone, recursive: true);
    }

    internal static JsonObject? Parsed(string line)
    {
        try { return JsonNode.Parse(line) as JsonObject; }
        catch (JsonException) { return null; }
    }

    static long? StepOf(string name) => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;

    string In(params string[] parts) => System.IO.Path.Combine([path, .. parts]);
}
