using System.Text.Json.Nodes;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Activations by the names of <c>config.json</c>: Transformers has several for most of them.</summary>
static class Activations
{
    static readonly (string[] Names, Func<Tensor, Tensor> Function)[] known =
    [
        (["gelu", "gelu_python"], Op.GeluErf),
        (["gelu_new", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_accurate", "gelu_fast"], Op.GeluTanh),
        (["relu"], Op.Relu),
        (["relu2"], Op.ReluSquared),
        (["silu", "swish"], Op.Silu),
        (["tanh"], Op.Tanh),
    ];

    /// <summary>The function of that name.</summary>
    /// <exception cref="InvalidDataException">It is not known.</exception>
    public static Func<Tensor, Tensor> Named(string name) => Aliases(name).Function
        ?? throw new InvalidDataException($"config: activation {MappedFile.Shown(name)} is not known; "
            + $"known: {string.Join(", ", known.SelectMany(k => k.Names))}");

    /// <summary>Refuses a configuration that names another activation than the family's only one.</summary>
    /// <exception cref="InvalidDataException">It does.</exception>
    public static void Require(JsonObject config, string key, string name)
    {
        var names = Aliases(name).Names;
        if (!Is(config, key, name))
            throw new InvalidDataException($"config: {key} is {MappedFile.Shown(config[key]!.ToString())}; "
                + $"only '{name}' is known here{(names.Length > 1 ? $", also called {string.Join(", ", names[1..])}" : "")}");
    }

    /// <summary>Whether a configuration means that activation, or names none.</summary>
    public static bool Is(JsonObject config, string key, string name) =>
        config[key] is not { } found || Aliases(name).Names.Contains(found.ToString());

    static (string[] Names, Func<Tensor, Tensor>? Function) Aliases(string name) => Array.Find(known, k => k.Names.Contains(name));
}
