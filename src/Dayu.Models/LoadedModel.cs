using System.Text;
using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>A model in memory: its family, its configuration, its weights, and the network made of them.</summary>
public sealed class LoadedModel : IDisposable
{
    /// <summary>The key of <c>config.json</c> by which what is added to the residual stream starts as 0.</summary>
    public const string ZeroOutputs = "zero_init_outputs";

    readonly Arena arena;
    bool ownsCheckpoint;

    LoadedModel(
        Arena arena, Checkpoint? checkpoint, Family family, JsonObject config, IModel net, IReadOnlyDictionary<string, Weight> weights) =>
        (this.arena, Checkpoint, Family, Config, Net, Weights) = (arena, checkpoint, family, config, net, weights);

    /// <summary>Where its weights lie; null: it was made with <see cref="Create"/>.</summary>
    public Checkpoint? Checkpoint { get; }

    /// <summary>What kind of model it is.</summary>
    public Family Family { get; }

    /// <summary>In the terms of <c>config.json</c>.</summary>
    public JsonObject Config { get; }

    /// <summary>What computes; ask it for what it can do.</summary>
    public IModel Net { get; }

    /// <summary>The weights, by path.</summary>
    public IReadOnlyDictionary<string, Weight> Weights { get; }

    /// <summary>Low-rank pairs on the weights; null: there are none.</summary>
    public Adapter? Adapter { get; private set; }

    /// <summary>What training changes: the adapter's weights where there is one, else the model's own.</summary>
    public IEnumerable<Weight> Trained => Weights.Values.Concat(Adapter?.Weights ?? []).Where(w => w.NeedsGrad);

    /// <summary>Number of weights, a tied one counted once.</summary>
    public long Parameters => Weights.Values.Sum(w => w.Tensor.Shape.Count);

    /// <summary>Where it computes.</summary>
    public Backend On => arena.On;

    /// <summary>Makes a model from what lies at a path; the file is closed with it.</summary>
    /// <param name="path">What <see cref="Checkpoint.Open(string)"/> opens.</param>
    /// <param name="on">Where it is to compute.</param>
    /// <param name="train">Whether gradients are wanted.</param>
    /// <param name="adapter">The folder of an adapter that is put on it; null: none, or the one that the path is.</param>
    /// <exception cref="FileNotFoundException">Nothing is there.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="NotSupportedException">It is of a kind or family that is not known.</exception>
    public static LoadedModel Open(string path, Backend on, bool train = false, string? adapter = null)
    {
        var checkpoint = adapter is null ? Checkpoint.Open(path) : Checkpoint.Adapted(path, adapter);
        try
        {
            var model = Load(checkpoint, on, train);
            model.ownsCheckpoint = true;
            return model;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Makes a model from a checkpoint, which must outlive it.</summary>
    /// <param name="checkpoint">Where the weights lie.</param>
    /// <param name="on">Where it is to compute.</param>
    /// <param name="train">Whether gradients are wanted: of the adapter, where there is one, alone.</param>
    public static LoadedModel Load(Checkpoint checkpoint, Backend on, bool train = false)
    {
        var arena = new Arena(on);
        try
        {
            var source = new FileWeights(arena, checkpoint.Tensors, checkpoint.Rules, checkpoint.Aliases, checkpoint.Config,
                train && checkpoint.Adapter is null);
            var net = checkpoint.Make(new(source));
            var model = new LoadedModel(arena, checkpoint, checkpoint.Family, checkpoint.Config, net, source.Given);
            if (checkpoint.Adapter is { } folder) model.Adapter = Adapter.Open(model, folder, train);
            return model;
        }
        catch
        {
            arena.Dispose();
            throw;
        }
    }

    /// <summary>Puts a new adapter on the model, for training.</summary>
    /// <inheritdoc cref="Adapter.Create"/>
    /// <exception cref="InvalidOperationException">It has one.</exception>
    public Adapter Adapt(AdapterConfig config, ulong seed) => Adapter = Adapter is null ? Adapter.Create(this, config, seed)
        : throw new InvalidOperationException("the model has an adapter; merge it first");

    /// <summary>Adds the adapter's pairs into the weights (<see cref="Weight.Merge"/>): the model computes the same without it.</summary>
    public void Merge()
    {
        foreach (var w in Weights.Values) w.Merge();
        Adapter = null;
    }

    /// <summary>
    /// Brings what is multiplied by into the backend's order now, on all its threads, and not when it is first used.
    /// What was read of the file for that leaves memory again.
    /// </summary>
    /// <param name="progress">Told how many bytes are done, of how many; on any thread, one at a time.</param>
    /// <exception cref="InvalidDataException">A weight is damaged; the message says which.</exception>
    public void Pack(Action<long, long>? progress = null)
    {
        Weight[] weights = [.. Weights.Values.Where(w => w.IsMultiplied)];
        var (done, total, turn) = (0L, weights.Sum(w => w.Tensor.Bytes), new Lock());
        On.Pack(weights, w =>
        {
            Checkpoint?.Tensors.Drop(w.Tensor.Address, w.Tensor.Bytes);
            lock (turn) progress?.Invoke(done += w.Tensor.Bytes, total);
        });
    }

    /// <summary>Makes a model that has learnt nothing yet.</summary>
    /// <param name="config">In the terms of <c>config.json</c>.</param>
    /// <param name="on">Where it is to compute.</param>
    /// <param name="seed">Same seed, same weights.</param>
    /// <param name="train">Whether gradients are wanted.</param>
    /// <param name="gain">Factor on what is drawn.</param>
    public static LoadedModel Create(JsonObject config, Backend on, ulong seed, bool train = true, float gain = 1)
    {
        var (family, arena) = (Families.Of(config), new Arena(on));
        try
        {
            var source = new RandomWeights(arena, seed, train, gain, ConfigRecord.Flag(config, ZeroOutputs));
            return new(arena, null, family, config, family.Make(config, new(source)), source.Given);
        }
        catch
        {
            arena.Dispose();
            throw;
        }
    }

    /// <summary>What it can do, or an error that says that it cannot.</summary>
    /// <typeparam name="TAbility"><see cref="ICausalLm"/>, say.</typeparam>
    /// <exception cref="NotSupportedException">This family cannot.</exception>
    public TAbility As<TAbility>() where TAbility : IModel => Net is TAbility able ? able
        : throw new NotSupportedException($"this {Family.Name} model cannot {abilities.First(a => a.Of == typeof(TAbility)).Text}"
            + (Net is BaseModel ? $": {BaseModel.Missing}" : $"; it can {Abilities}"));

    string Abilities => string.Join(", ", abilities.Where(a => a.Of.IsInstanceOfType(Net)).Select(a => a.Text));

    static readonly (Type Of, string Text)[] abilities =
    [
        (typeof(ICausalLm), "go on with a text"), (typeof(IEncoder), "turn a text into vectors"), (typeof(IMaskedLm), "guess masked words"),
        (typeof(INextSentence), "tell whether a sentence follows another"), (typeof(IClassifier), "put texts into classes"),
    ];

    /// <summary>
    /// Writes <c>config.json</c> and <c>model.safetensors</c>, under the names and in the orders of published
    /// checkpoints. An adapter is merged first.
    /// </summary>
    /// <param name="folder">Made where it is not there.</param>
    public void Save(string folder)
    {
        Merge();
        Directory.CreateDirectory(folder);
        Safetensors.Write(Path.Combine(folder, "model.safetensors"), Weights.Values.Select(w => Published(w, w.Tensor)));
        var config = Config.ToJsonString(new() { WriteIndented = true }) + "\n";
        WholeFile.Write(Path.Combine(folder, "config.json"), Encoding.UTF8.GetBytes(config));
    }

    /// <summary>A weight, or its gradient, under the name and in the order of published checkpoints.</summary>
    /// <param name="w">The weight.</param>
    /// <param name="values">Its own tensor or its gradient.</param>
    public TensorSource Published(Weight w, Tensor values)
    {
        var (name, layout) = Rule(w);
        return layout is null ? TensorSource.Of(name, values) : Reordered(name, values, layout);
    }

    /// <summary>The name of a weight in published checkpoints.</summary>
    public string PublishedName(Weight w) => Rule(w).Name;

    (string Name, TensorLayout? Layout) Rule(Weight w)
    {
        foreach (var rule in Family.Names)
            if (rule.ToFile(w.Path) is { } name) return (name, rule.Layout);
        return (w.Path, null);
    }

    unsafe TensorSource Reordered(string name, Tensor values, TensorLayout layout) =>
        new(name, values.DType, layout.ModelShape(values.Shape), stream =>
        {
            byte[] bytes = new byte[values.Bytes], ordered = new byte[values.Bytes];
            values.On.Download(values.Address, bytes);
            fixed (byte* from = bytes, to = ordered) layout.ToFile(from, to, values.DType, values.Shape, Config);
            stream.Write(ordered);
        });

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        foreach (var w in Weights.Values) w.DropPacked();             // whoever still has a weight is not left with what was made of it
        arena.Dispose();
        if (ownsCheckpoint) Checkpoint?.Dispose();
    }
}
