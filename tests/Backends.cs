using Dayu.Cpu;
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

    static readonly Dictionary<string, Func<Backend>> made = Make();

    static Dictionary<string, Func<Backend>> Make()
    {
        Dictionary<string, Func<Backend>> all = new() { ["reference"] = () => new ReferenceBackend() };
        foreach (var path in CpuPaths.Available())
        {
            var name = $"cpu {path}".ToLowerInvariant();
            all[name] = () => new CpuBackend(2, path);
            all[$"{name} exact"] = () => new CpuBackend(2, path, exact: true);
        }
        return all;
    }

    /// <summary>Names for test cases.</summary>
    public static IEnumerable<string> Names => made.Keys;

    /// <summary>Whether it keeps activations in float32 (else it may round them where weights are quantised).</summary>
    public static bool IsExact(string name) => !name.StartsWith("cpu", StringComparison.Ordinal) || name.Contains("exact", StringComparison.Ordinal);

    /// <summary>Makes one.</summary>
    public static Lent Make(string name) => new(made[name]());
}
