using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>Activations by the names of <c>config.json</c>.</summary>
static class Activations
{
    /// <summary>The function of that name.</summary>
    /// <exception cref="InvalidDataException">It is not known.</exception>
    public static Func<Tensor, Tensor> Named(string name) => name switch
    {
        "gelu" => Op.GeluErf,
        "gelu_new" or "gelu_pytorch_tanh" => Op.GeluTanh,
        "relu" => Op.Relu,
        "silu" or "swish" => Op.Silu,
        "tanh" => Op.Tanh,
        _ => throw new InvalidDataException(
            $"config: activation '{name}' is not known; known: gelu, gelu_new, gelu_pytorch_tanh, relu, silu, swish, tanh"),
    };
}
