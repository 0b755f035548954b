using Dayu.Cpu;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Every backend this machine has, each path of it, with one thread and with two: what the same tests run on.
/// </summary>
public static class Backends
{
    /// <summary>A backend and its end.</summary>
    public sealed class Lent(Backend backend) : IDisposable
    {
        public Backend Backend => backend;

        public void Dispose() => (backend as IDisposable)?.Dispose();
    }

    const string Rounded = " bf16";

    static readonly Dictionary<string, Func<Backend>> made = Make(), rounding = MakeRounding();

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

    /// <summary>
    /// Products that round their operands to bfloat16, for training: the reference everywhere, kernels where the
    /// machine has them.
    /// </summary>
    static Dictionary<string, Func<Backend>> MakeRounding()
    {
        Dictionary<string, Func<Backend>> all = new() { ["reference" + Rounded] = () => new ReferenceBackend(bf16: true) };
        foreach (var path in CpuPaths.Available().Where(Rounds))
            all[$"cpu {path}{Rounded}".ToLowerInvariant()] = () => new CpuBackend(2, path, bf16: true);
        return all;
    }

    static bool Rounds(CpuPath path)
    {
        using var machine = new Machine(path, 1);
        return machine[PanelFormat.BF16].Takes == Packing.Pairs;
    }

    /// <summary>Names for test cases.</summary>
    public static IEnumerable<string> Names => made.Keys;

    /// <summary>For proofs with real models: the fastest path of this machine and its exact twin; all of them at full size.</summary>
    public static IEnumerable<string> Real => Names.Where(n => n != "reference" && (Sizes.Long || n.Split(' ')[1] == fastest));

    static readonly string fastest = CpuPaths.Detect().ToString().ToLowerInvariant();

    /// <summary>The same and those that train with bfloat16 products.</summary>
    public static IEnumerable<string> Training => made.Keys.Concat(rounding.Keys);

    /// <summary>
    /// How far a result may be off: <paramref name="exact"/> in float32; with bfloat16 products an operand is off by up
    /// to 2⁻⁸, and so is what comes of it.
    /// </summary>
    public static double Bound(string name, double exact) =>
        name.EndsWith(Rounded, StringComparison.Ordinal) ? Math.Max(exact, 3e-2) : exact;

    /// <summary>Whether it keeps activations in float32 (else it may round them where weights are quantised).</summary>
    public static bool IsExact(string name) =>
        !name.StartsWith("cpu", StringComparison.Ordinal) || name.Contains("exact", StringComparison.Ordinal);

    /// <summary>Makes one.</summary>
    public static Lent Make(string name) => new((made.GetValueOrDefault(name) ?? rounding[name])());
}
