using System.Text;
using System.Text.Json.Nodes;
using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Training;

/// <summary>
/// A checkpoint: a model folder as Hugging Face has it, and beside the weights what training needs to go on as if it had never
/// stopped. It is there whole or not at all. Where weights are averaged, the model is the averaged one, and the weights themselves lie
/// beside the moments. Of a model with an adapter there are the pairs alone, as peft has them, and where the model lies.
/// </summary>
public static class CheckpointFolder
{
    const int Version = 1;
    const string OptimizerFile = "optimizer.safetensors";

    /// <summary>States of texts that are gone on with.</summary>
    internal const string StatesFile = "states.safetensors";

    /// <summary>The weights themselves, where the model has their averages.</summary>
    const string RawWeights = "weights";

    /// <summary>Step, and what must be the same where it is gone on.</summary>
    internal const string StateFile = "state.json";

    /// <summary>Writes one. A folder of that name stays: it holds the same step of the same run.</summary>
    /// <param name="folder">Its name.</param>
    /// <param name="model">Configuration and weights.</param>
    /// <param name="optimizer">Steps and moments.</param>
    /// <param name="states">Those of texts that are gone on with.</param>
    /// <param name="fingerprint">What must be the same where it is gone on.</param>
    /// <param name="tokenizer">The tokenizer's file; what belongs to it lies beside.</param>
    public static void Save(
        string folder, LoadedModel model, Optimizer optimizer, RecurrentStates states, JsonObject fingerprint, string tokenizer)
    {
        if (Directory.Exists(folder)) return;
        WholeFolder.Write(folder, part =>
        {
            using (optimizer.Average?.Applied()) Write(model, part);
            TokenizerFiles.Copy(tokenizer, part);
            var moments = optimizer.Moments.Select(m => TensorSource.Of(m.Key, m.Value));
            if (optimizer.Average is not null) moments = moments.Append(TensorSource.Of(RawWeights, optimizer.Parameters.Values));
            Safetensors.Write(Path.Combine(part, OptimizerFile), moments);
            if (states.All.Count > 0)
                Safetensors.Write(Path.Combine(part, StatesFile), states.All.Select((s, i) => TensorSource.Of($"{i}", s)));
            var state = new JsonObject
            {
                ["version"] = Version,
                ["step"] = optimizer.Steps,
                ["optimizer"] = optimizer.GetType().Name,
                ["values"] = optimizer.Parameters.Values.Shape.Count,
                ["states"] = states.All.Count,
                ["fingerprint"] = fingerprint.DeepClone(),
            };
            WholeFile.Write(Path.Combine(part, StateFile), stream => stream.Write(Encoding.UTF8.GetBytes(state.ToJsonString())));
        });
    }

    static void Write(LoadedModel model, string folder)
    {
        if (model.Adapter is { } pairs) pairs.Save(folder);
        else model.Save(folder);
    }

    /// <summary>
    /// Gives an optimizer its steps and moments back, and texts their states; the model was loaded from the same folder, and the averages
    /// began as what it had there. A fork may begin to average, or cease to.
    /// </summary>
    /// <exception cref="RunException">It is of another data, tokenizer, configuration, optimizer or version; the message says
    /// which.</exception>
    public static void Restore(string folder, LoadedModel model, Optimizer optimizer, RecurrentStates states, JsonObject fingerprint)
    {
        var state = Checkpoint.ReadJson(Path.Combine(folder, StateFile));
        Same("the version", (long?)state["version"], Version);
        Same("the optimizer", (string?)state["optimizer"], optimizer.GetType().Name);
        Same("the number of values", (long?)state["values"], optimizer.Parameters.Values.Shape.Count);
        var before = state["fingerprint"] as JsonObject ?? [];
        foreach (var (key, value) in before)                          // what a later program asks besides has its default
            if (!RunMixture.Has(key)) Same(key, value?.ToJsonString(), fingerprint[key]?.ToJsonString());
        var step = (long?)state["step"] ?? throw new InvalidDataException($"{folder}: {StateFile} says no step");
        Same("data.weights", RunMixture.Until(before, step), RunMixture.Until(fingerprint, step));
        using var file = Safetensors.Open(Path.Combine(folder, OptimizerFile));
        foreach (var (name, moment) in optimizer.Moments) Read(file, name, moment);
        if (file.Has(RawWeights)) Read(file, RawWeights, optimizer.Parameters.Values);
        optimizer.Steps = step;
        if (model.Net.IsRecurrent) Read(Path.Combine(folder, StatesFile), (int?)state["states"], states, model.On);

        void Same<T>(string what, T? found, T? expected)
        {
            if (!Equals(found, expected))
                throw new RunException(RunFault.Changed, $"{folder}: {what} is {found?.ToString() ?? "not said"}, "
                    + $"this run's is {expected?.ToString() ?? "not said"}; "
                    + "a training can only go on as it began");
        }
    }

    static void Read(string path, int? count, RecurrentStates states, Backend on)
    {
        if (count is not > 0)
            throw new RunException(RunFault.Changed, $"{path}: the states of this model's texts are not there: "
                + "an earlier program trained it on windows that begin anywhere; begin a new run from this checkpoint");
        using var file = Safetensors.Open(path);
        using var arena = new Arena(on);
        states.Restore([.. Enumerable.Range(0, count.Value).Select(i => Loaded($"{i}"))]);

        Tensor Loaded(string name)
        {
            var to = arena.New(file[name].Shape);
            Read(file, name, to);
            return to;
        }
    }

    /// <summary>Some values at a time: a moment may have more than one span can.</summary>
    /// <exception cref="InvalidDataException">The file's tensor has another number of values, or they are no float32.</exception>
    static unsafe void Read(TensorFile file, string name, Tensor to)
    {
        const long piece = 1 << 24;
        var from = file[name];
        if (from.DType != DType.F32 || from.Shape.Count != to.Shape.Count)
            throw new InvalidDataException($"{file.Name}: tensor {name} has {from.Shape.Count} values of {from.DType}; "
                + $"{to.Shape.Count} of f32 were expected");
        for (long at = 0, n; at < to.Shape.Count; at += n)
        {
            n = Math.Min(piece, to.Shape.Count - at);
            to.View(at, new(n)).Set(new ReadOnlySpan<float>((float*)from.Address + at, (int)n));
        }
    }
}
