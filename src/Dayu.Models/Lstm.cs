using System.Runtime.CompilerServices;
using Dayu.Tensors;

namespace Dayu.Models;

/// <summary>
/// Long short-term memory: Hochreiter &amp; Schmidhuber 1997, Neural Computation 9(8). Beside h runs a cell c that is
/// only added to and scaled, so that a gradient survives many steps. Three gates between 0 and 1 say what is let in
/// (i), what is kept (f: Gers, Schmidhuber &amp; Cummins 2000, Neural Computation 12(10)) and what is shown (o):
/// <code>
/// i, f, o ← σ(W·x + b + U·h + b′)      each with its own W, U, b, b′
/// g       ← tanh(W·x + b + U·h + b′)
/// c       ← f·c + i·g
/// h       ← o·tanh(c)
/// </code>
/// The rows of W and U are those of i, f, g, o.
/// </summary>
public sealed class Lstm(RecurrentConfig c, Weights w) : RecurrentLm(c, w, RecurrentCell.Lstm)
{
    [ModuleInitializer]
    internal static void Register() => Families.Add(new("lstm", [])
    {
        IsOwn = true,
        Make = (config, w) => new Lstm(Read(config), w),
        Config = () => RecurrentJson.Default.RecurrentConfig,
        Example = """
            { "model_type": "lstm", "vocab_size": 61, "embedding_size": 36, "hidden_size": 36, "num_layers": 2, "dropout": 0.1 }
            """,
    });
}
