using System.Runtime.CompilerServices;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// The simple recurrent network: Elman 1990, "Finding Structure in Time", Cognitive Science 14. A word is read, and
/// what was made of the words before it is read along:
/// <code>
/// h ← tanh(W·x + b + U·h + b′)
/// </code>
/// Layers stand on one another: what the one says at a step, h, the next reads at the same step as x.
/// </summary>
public sealed class Rnn(RecurrentConfig c, Weights w) : RecurrentLm(c, w, RecurrentCell.Rnn)
{
    [ModuleInitializer]
    internal static void Register() => Families.Add(new("rnn", [])
    {
        IsOwn = true,
        Make = (config, w) =>
        {
            Families.Require(config, "nonlinearity", "tanh");
            return new Rnn(Read(config), w);
        },
        Config = () => RecurrentJson.Default.RecurrentConfig,
        Example = """
            { "model_type": "rnn", "vocab_size": 61, "embedding_size": 36, "hidden_size": 36, "num_layers": 2, "dropout": 0.1 }
            """,
    });
}
