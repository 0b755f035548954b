using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Every backend this machine has, each path of it, with one thread and with two: what the same tests run on.</summary>
public static class Backends
{
    /// <summary>A backend and its end.</summary>
    public sealed class Lent(Backend backend) : IDisposable
    {
        public Backend Backend => backend;

        public void Dispose() => (backend as IDisposable)?.Dispose();
    }

    static readonly Dictionary<string, Func<Backend>> made = new()
    {
        ["reference"] = () => new ReferenceBackend(),
    };

    /// <summary>Names for test cases.</summary>
    public static IEnumerable<string> Names => made.Keys;

    /// <summary>Whether it keeps activations in float32 (else it may round them where weights are quantised).</summary>
    public static bool IsExact(string name) => !name.StartsWith("cpu", StringComparison.Ordinal) || name.Contains("exact", StringComparison.Ordinal);

    /// <summary>Makes one.</summary>
    public static Lent Make(string name) => new(made[name]());
}
