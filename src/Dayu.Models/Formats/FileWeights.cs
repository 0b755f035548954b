using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Weights of a checkpoint, in the family's own terms: names and orders of the file are undone here, and no layer knows
/// of them.
/// </summary>
/// <param name="arena">Lasts as long as the model.</param>
/// <param name="file">The checkpoint.</param>
/// <param name="rules">How the file says it.</param>
/// <param name="aliases">Aliases of these names, which the file may have instead.</param>
/// <param name="config">The model's configuration.</param>
/// <param name="train">Whether gradients are wanted: then every weight is a float32 copy of its own.</param>
public sealed class FileWeights(
    Arena arena, TensorFile file, TensorRule[] rules, TensorRule[] aliases, JsonObject config, bool train = false) : IWeightSource
{
    readonly Dictionary<string, Weight> given = [];

    /// <summary>Every weight asked for so far, by path.</summary>
    public IReadOnlyDictionary<string, Weight> Given => given;

    /// <inheritdoc/>
    public bool Has(string path) => file.Has(Name(path).File);

    /// <inheritdoc/>
    public bool Lacks(string path) => !Has(path);

    /// <inheritdoc/>
    public Weight Get(string path, Shape shape, Init init)
    {
        if (given.TryGetValue(path, out var known)) return known;
        var (name, layout) = Name(path);
        var entry = file[name];
        var found = layout?.ModelShape(entry.Shape) ?? entry.Shape;
        if (found != shape) throw new InvalidDataException($"{file.Name}: '{name}' is {found}, expected {shape} by the configuration");
        return given[path] = new(path, Load(entry, layout, shape));
    }

    Tensor Load(TensorEntry entry, TensorLayout? layout, Shape shape)
    {
        var t = layout is null ? arena.Map(entry.DType, shape, entry.Address) : Ordered(entry, layout, shape);
        if (!train && (shape.Rank > 1 || t.DType == DType.F32)) return t;
        var own = arena.New(shape);                                  // vectors are read as float32 by every op
        own.Set(t.ToArray());
        own.NeedsGrad = train;
        return own;
    }

    unsafe Tensor Ordered(TensorEntry entry, TensorLayout layout, Shape shape)
    {
        var t = arena.New(entry.DType, shape);
        if (t.On.Map(t.Address) == t.Address) layout.ToModel((byte*)entry.Address, (byte*)t.Address, entry.DType, entry.Shape, config);
        else
        {
            var bytes = new byte[entry.Bytes];
            fixed (byte* to = bytes) layout.ToModel((byte*)entry.Address, to, entry.DType, entry.Shape, config);
            t.On.Upload(bytes, t.WriteAddress);
        }
        file.Drop(entry.Address, entry.Bytes);
        return t;
    }

    (string File, TensorLayout? Layout) Name(string path)
    {
        var (published, layout) = (path, (TensorLayout?)null);
        foreach (var rule in rules)
            if (rule.ToFile(path) is { } name) { (published, layout) = (name, rule.Layout); break; }
        List<string> names = [published];
        foreach (var alias in aliases) names.AddRange([.. names.Select(alias.ToFile).OfType<string>()]);
        return (names.Find(file.Has) ?? published, layout);
    }
}
