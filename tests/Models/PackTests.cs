using Dayu.Cpu;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>A model made ready before its first pass: nothing that it says changes, nor what its file holds.</summary>
public sealed class PackTests
{
    static readonly int[] text = [5, 9, 2, 17, 3, 3, 41, 8];

    public static TheoryData<string, string> Cases =>
        new(
            from file in Fixtures.GoldenFiles("*.gguf").Concat(Fixtures.GoldenFiles("model.safetensors"))
            from backend in Backends.Names.Where(n => n != "reference")
            select (file, backend));

    [Theory, MemberData(nameof(Cases))]
    public void ChangesNoBit(string file, string backend)
    {
        using var on = Backends.Make(backend);
        using var checkpoint = OpenOrSkip(Path.Combine(Fixtures.Golden, file));
        using LoadedModel lazy = LoadedModel.Load(checkpoint, on.Backend), ready = LoadedModel.Load(checkpoint, on.Backend);
        var told = new List<(long Done, long Total)>();
        ready.Pack((done, total) => told.Add((done, total)));
        Assert.Equal(told.Select(t => t.Done).Order(), told.Select(t => t.Done));
        Assert.True(told.Count == 0 || told[^1].Done == told[^1].Total);
        Assert.All(ready.Weights.Values, w => Assert.Equal(w.IsMultiplied, w.Packed is not null));
        using Arena one = new(on.Backend), other = new(on.Backend);
        if (lazy.Net is ICausalLm)
        {
            var expected = lazy.As<ICausalLm>().Forward(new(one, text) { SelectedRows = Pass.Every(text.Length) }).ToArray();
            Assert.Equal(expected, ready.As<ICausalLm>().Forward(new(other, text) { SelectedRows = Pass.Every(text.Length) }).ToArray());
        }
        else Assert.Equal(lazy.As<IEncoder>().Hidden(new(one, text)).ToArray(), ready.As<IEncoder>().Hidden(new(other, text)).ToArray());
        foreach (var (path, w) in ready.Weights) Assert.Equal(lazy.Weights[path].Tensor.ToArray(), w.Tensor.ToArray());
    }

    static Checkpoint OpenOrSkip(string path)
    {
        try { return Checkpoint.Open(path); }
        catch (NotSupportedException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    [Fact]
    public void PagesThatAreDroppedAreReadAgain()
    {
        var path = Path.GetTempFileName();
        try
        {
            var bytes = new byte[100_000];
            new Random(1).NextBytes(bytes);
            File.WriteAllBytes(path, bytes);
            using MappedFile mapped = new(path), copied = new("bytes", bytes);
            foreach (var file in new[] { mapped, copied })
            {
                Assert.Equal(bytes, file.Bytes(0, file.Length));
                file.Drop(file.Address, file.Length);
                file.Drop(file.Address + 5000, 20_000);
                file.Drop(file.Address - 4096, 8192);                // not all of it is of this file
                file.Drop(copied.Address, 4096);
                Assert.Equal(bytes, file.Bytes(0, file.Length));
            }
        }
        finally { File.Delete(path); }
    }
}
