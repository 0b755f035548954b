using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Low-rank pairs on the matrices of a model, in any number format, as peft publishes them: a folder of <c>adapter_config.json</c> and
/// <c>adapter_model.safetensors</c>. Hu et al. 2021, arXiv:2106.09685.
/// </summary>
public sealed class Adapter
{
    /// <summary>The file of the pairs.</summary>
    public const string File = AdapterFacts.WeightsFile;

    const string Prefix = "base_model.model.", A = ".lora_A.weight", B = ".lora_B.weight";

    readonly SortedDictionary<string, LowRank> pairs = new(StringComparer.Ordinal);      // by module

    Adapter(AdapterConfig config) => Config = config;

    /// <summary>What it is.</summary>
    public AdapterConfig Config { get; }

    /// <summary>The pairs, by the published name of the module they are on: <c>model.layers.0.self_attn.q_proj</c>.</summary>
    public IReadOnlyDictionary<string, LowRank> Pairs => pairs;

    /// <summary>What training changes: A and B of every pair.</summary>
    public IEnumerable<Weight> Weights => pairs.Values.SelectMany(p => (Weight[])[p.A, p.B]);

    /// <summary>Puts new pairs on a model, which computes as before: B is 0.</summary>
    /// <param name="model">A transformer; its own weights want no gradient.</param>
    /// <param name="config">Which matrices, and of which rank.</param>
    /// <param name="seed">Of A, drawn evenly from ±1 / √In as peft does.</param>
    /// <exception cref="ArgumentException">No matrix is adapted by these targets.</exception>
    /// <exception cref="NotSupportedException">It is a recurrent model.</exception>
    public static Adapter Create(LoadedModel model, AdapterConfig config, ulong seed)
    {
        var adapter = new Adapter(config);
        var matrices = Matrices(model);
        var head = config.Targets is [AdapterConfig.AllLinear] ? (model.Net as ICausalLm)?.Head.Weight : null;    // as peft leaves it
        foreach (var (module, w) in matrices.Where(m => config.IsTarget(m.Module) && m.Weight != head))
        {
            var key = module.Aggregate(seed, (k, c) => CounterRng.Mix(k, c));
            var (a, b) = (new float[(long)config.Rank * w.In], new float[(long)w.Out * config.Rank]);
            Init.Uniform(1 / MathF.Sqrt(w.In)).Fill(a, new(config.Rank, w.In), key, gain: 1);
            adapter.Put(module, w, a, b, config.Rank, train: true);
        }
        return adapter.pairs.Count > 0 ? adapter
            : throw new ArgumentException($"no matrix is called {string.Join(" or ", config.Targets)}; there are "
                + string.Join(", ", matrices.Select(m => m.Module[(m.Module.LastIndexOf('.') + 1)..]).Distinct()));
    }

    /// <summary>Puts the pairs of a folder on a model.</summary>
    /// <param name="model">The one that they were learnt on.</param>
    /// <param name="folder">Of peft.</param>
    /// <param name="train">Whether they are trained further.</param>
    /// <exception cref="FileNotFoundException">There is no adapter in it.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or of another model.</exception>
    /// <exception cref="NotSupportedException">It is another kind of adapter.</exception>
    public static Adapter Open(LoadedModel model, string folder, bool train = false)
    {
        if (!System.IO.File.Exists(Path.Combine(folder, AdapterConfig.File)))
            throw new FileNotFoundException($"{folder} holds no adapter; expected {AdapterConfig.File} and {File} (peft)");
        var config = AdapterConfig.Read(folder);
        var adapter = new Adapter(config with { Base = AdapterConfig.PlaceOf(folder, config.Base) ?? config.Base });
        using var file = Safetensors.Open(Path.Combine(folder, File));
        var matrices = Matrices(model).ToDictionary(m => m.Module, m => m.Weight);
        foreach (var (name, a) in file.Entries)
        {
            var isPart = name.EndsWith(A, StringComparison.Ordinal) || name.EndsWith(B, StringComparison.Ordinal);
            if (!isPart || !name.StartsWith(Prefix, StringComparison.Ordinal))
                throw new InvalidDataException($"{file.Name}: {MappedFile.Shown(name)} is no part of a pair; "
                    + $"expected {Prefix}MODULE{A} and {Prefix}MODULE{B}");
            if (name.EndsWith(B, StringComparison.Ordinal)) continue;
            var module = name[Prefix.Length..^A.Length];
            if (!matrices.TryGetValue(module, out var w))
                throw new InvalidDataException($"{file.Name} adapts {MappedFile.Shown(module)}, which the model does not have: "
                    + $"it is an adapter of another model{(config.Base is { } of ? $", {MappedFile.Shown(of)}" : "")}");
            var b = file[Prefix + module + B];
            if (a.Shape.Rank != 2 || a.Shape != new Shape(a.Shape[0], w.In) || b.Shape != new Shape(w.Out, a.Shape[0]))
                throw new InvalidDataException($"{file.Name}: {MappedFile.Shown(module)} has A {a.Shape} and B {b.Shape}, "
                    + $"expected [r, {w.In}] and [{w.Out}, r]: it is an adapter of another model");
            adapter.Put(module, w, a.Values(), b.Values(), (int)a.Shape[0], train);
        }
        foreach (var name in file.Entries.Keys.Where(n => n.EndsWith(B, StringComparison.Ordinal)))
            if (!adapter.pairs.ContainsKey(name[Prefix.Length..^B.Length]))
                throw new InvalidDataException($"{file.Name}: {MappedFile.Shown(name)} has no {A} to go with it");
        return adapter.pairs.Count > 0 ? adapter : throw new InvalidDataException($"{file.Name} holds no pair");
    }

    /// <summary>Writes it as peft reads it.</summary>
    /// <param name="folder">Made where it is not there.</param>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        Safetensors.Write(Path.Combine(folder, File), pairs.SelectMany(p => (TensorSource[])
            [TensorSource.Of(Prefix + p.Key + A, p.Value.A.Tensor), TensorSource.Of(Prefix + p.Key + B, p.Value.B.Tensor)]));
        var ranks = pairs.Where(p => p.Value.Rank != Config.Rank).ToDictionary(p => p.Key, p => p.Value.Rank);
        (Config with { Targets = [.. pairs.Keys.Select(End).Distinct()], Ranks = ranks }).Write(folder);
    }

    void Put(string module, Weight w, float[] a, float[] b, int rank, bool train)
    {
        var arena = w.Tensor.Arena;
        var pair = new LowRank(Matrix(A, new(rank, w.In), a), Matrix(B, new(w.Out, rank), b), Config.ScaleOf(module, rank));
        w.Adapt(pair);
        pairs.Add(module, pair);

        Weight Matrix(string end, Shape shape, float[] values)
        {
            var tensor = arena.New(shape).Set(values);
            tensor.NeedsGrad = train;
            return new(module + end, tensor) { IsMultiplied = true };
        }
    }

    /// <summary>What can be adapted: the matrices of the blocks, by published names, and the head where it is one of its own.</summary>
    static List<(string Module, Weight Weight)> Matrices(LoadedModel model)
    {
        if (model.Net.IsRecurrent)
            throw new NotSupportedException($"{model.Family.Name} models take no low-rank adapters, transformers do; train all weights");
        return [.. model.Weights.Values.Where(w => w.IsMultiplied && w.Tensor.Shape.Rank == 2 && !IsTable(w, model))
            .Select(w => (Name: model.PublishedName(w), w)).Where(w => w.Name.EndsWith(".weight", StringComparison.Ordinal))
            .Select(w => (w.Name[..^".weight".Length], w.w))];
    }

    /// <summary>Whether it is the table of embeddings too: a pair would be felt in the head alone.</summary>
    static bool IsTable(Weight w, LoadedModel model) =>
        model.Net is ICausalLm lm && lm.Head.Weight == w && !w.Path.StartsWith("lm_head", StringComparison.Ordinal);

    static string End(string module) => module[(module.LastIndexOf('.') + 1)..];
}
