using System.Runtime.CompilerServices;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Gated recurrent units: Cho et al. 2014, arXiv:1406.1078. A reset gate r says how much of the state before a
/// candidate n sees, an update gate z how much of that state stays:
/// <code>
/// r, z ← σ(W·x + b + U·h + b′)         each with its own W, U, b, b′
/// n    ← tanh(W·x + b + r·(U·h + b′))
/// h    ← (1 − z)·n + z·h
/// </code>
/// The paper has r inside the product, U·(r·h); here it is outside, as in cuDNN and PyTorch, so that the products of
/// all gates are one. The rows of W and U are those of r, z, n.
/// </summary>
public sealed class Gru(RecurrentConfig c, Weights w) : RecurrentLm(c, w, RecurrentCell.Gru)
{
    [ModuleInitializer]
    internal static void Register() => Families.Add(new("gru", [])
    {
        IsOwn = true,
        Make = (config, w) => new Gru(Read(config), w),
        Config = () => RecurrentJson.Default.RecurrentConfig,
        Example = """
            { "model_type": "gru", "vocab_size": 61, "embedding_size": 36, "hidden_size": 36, "num_layers": 2, "dropout": 0.1 }
            """,
    });
}
