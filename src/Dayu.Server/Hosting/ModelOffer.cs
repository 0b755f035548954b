using Dayu.Hub;
using Dayu.Inference;
using Dayu.Tensors;

namespace Dayu.Server;

/// <summary>A model that a server has when someone asks for it.</summary>
/// <param name="Name">What it is called on the wire.</param>
/// <param name="Open">Loads it; what it gives is disposed of when it is given up.</param>
public sealed record ModelOffer(string Name, Func<Pretrained> Open)
{
    /// <summary>Memory that it will take, in bytes; asked before it is loaded. 0: not known.</summary>
    public Func<long> Bytes { get; init; } = () => 0;

    /// <summary>When it came here.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>How much its engine takes on; the context may be more than a model has, and is then its own.</summary>
    public EngineLimits Limits { get; init; } = new();

    /// <summary>Number format of keys and values of past tokens; null: the one the backend likes.</summary>
    public DType? Cache { get; init; }
}
