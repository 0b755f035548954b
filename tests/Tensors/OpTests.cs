using System.Collections.Concurrent;
using Dayu.Reference;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Every op on every backend against the reference, at awkward sizes, among guards: outputs and gradients.
/// </summary>
public sealed class OpTests
{
    static readonly string[] names = [.. OpCases.At(OpCases.Awkward[2]).Select(c => c.Name)];
    static readonly ConcurrentDictionary<(string, Size), OpRun> expected = new();      // computed once for all backends

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var backend in Backends.Training) foreach (var name in names) cases.Add(name, backend);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsWhatTheReferenceComputes(string name, string backend)
    {
        using var on = Backends.Make(backend);
        foreach (var size in OpCases.Awkward)
        {
            var c = OpCases.At(size).Single(c => c.Name == name);
            var found = OpRun.Guarded(on.Backend, c);
            if (backend != "reference")
                Close(c with { Tolerance = Backends.Bound(backend, c.Tolerance) }, size,
                    expected.GetOrAdd((name, size), _ => OpRun.Plain(new ReferenceBackend(), c)), found);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FusedIsWhatItIsComposedOf(string name, string backend)
    {
        using var on = Backends.Make(backend);
        foreach (var size in OpCases.Awkward)
        {
            var c = OpCases.At(size).Single(c => c.Name == name);
            if (c.Composed is { } composed)
                Close(c with { Tolerance = Backends.Bound(backend, c.Tolerance) }, size,
                    OpRun.Guarded(on.Backend, c, composed), OpRun.Guarded(on.Backend, c));
        }
    }

    /// <summary>A pass is its arena: two at once on one backend give what each gives alone.</summary>
    [Theory]
    [MemberData(nameof(BackendTests.Names), MemberType = typeof(BackendTests))]
    public async Task TwoPassesAtOnceDoNotMeet(string backend)
    {
        using var on = Backends.Make(backend);
        OpCase[] cases = [.. OpCases.At(new(33, 130, 67, 18))];
        OpRun[] alone = [.. cases.Select(c => OpRun.Guarded(on.Backend, c))];
        using var together = new Barrier(2);
        await Task.WhenAll(Task.Run(() => Pass(0), TestContext.Current.CancellationToken),
            Task.Run(() => Pass(cases.Length / 2), TestContext.Current.CancellationToken));

        void Pass(int shift)
        {
            together.SignalAndWait();
            for (var i = 0; i < cases.Length; i++)
            {
                var at = (i + shift) % cases.Length;
                Assert.True(alone[at].SameBits(OpRun.Guarded(on.Backend, cases[at])), cases[at].Name);
            }
        }
    }

    static void Close(OpCase c, Size size, OpRun expected, OpRun found)
    {
        Close($"{c.Name} at {size}: output", expected.Output, found.Output, c.Tolerance);
        for (var i = 0; i < expected.Gradients.Length; i++)
            if (expected.Gradients[i] is { } gradient)
                Close($"{c.Name} at {size}: gradient of input {i}", gradient, found.Gradients[i]!, c.Tolerance);
    }

    /// <summary>
    /// The largest difference must be within the tolerance of the largest absolute value. A NaN is within nothing.
    /// </summary>
    static void Close(string what, float[] expected, float[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        var largest = expected.Select(v => MathF.Abs(v)).DefaultIfEmpty().Max();
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance * Math.Max(largest, 1e-2), $"{what} [{i}]: "
                + $"{found[i]:g7}, expected {expected[i]:g7}; the largest is {largest:g4}, tolerance {tolerance}");
    }
}
