using System.Diagnostics;
using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>Counting over weights without numbers, against models that are really there.</summary>
public sealed class ModelShapeTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. Families.Known.Select(f => f.Name)];

    static JsonObject Example(string family) => JsonNode.Parse(Families.Known.Single(f => f.Name == family).Example)!.AsObject();

    /// <summary>The same paths and shapes as of a model with numbers, of every family.</summary>
    [Theory, MemberData(nameof(Names))]
    public void WeightsAreThoseOfTheModel(string family)
    {
        using var on = Backends.Make("reference");
        using var model = LoadedModel.Create(Example(family), on.Backend, seed: 1);
        var shape = ModelShape.Of(Example(family));
        Assert.Equal(model.Parameters, shape.Parameters);
        Assert.Equal(model.Weights.Values.Select(w => $"{w.Path} {w.Tensor.Shape} {w.IsMultiplied}").Order(StringComparer.Ordinal),
            shape.Weights.Select(w => $"{w.Path} {w.Shape} {w.IsMultiplied}").Order(StringComparer.Ordinal));
        Assert.Equal(4 * shape.Parameters, shape.BytesIn(DType.F32));
    }

    /// <summary>Memory of activations: what the CPU's arena takes for the same pass, but for small temporaries of norms.</summary>
    [Theory]
    [InlineData("gpt2", false, false)]
    [InlineData("gpt2", true, false)]
    [InlineData("llama", false, false)]
    [InlineData("llama", false, true)]
    [InlineData("lstm", true, false)]
    public void ActivationsAreWhatThePassTakes(string family, bool dropout, bool checkpointing)
    {
        const int Window = 48, Batch = 2;
        using var on = new CpuBackend(1);
        using var model = LoadedModel.Create(Example(family), on, seed: 1);
        using var arena = new Arena(on);
        var pass = new Pass(arena, new int[Window * Batch], 0, Window, 2 * Window)
        {
            SelectedRows = Pass.Every(Window * Batch), Dropout = dropout ? new(1, 1) : null, Checkpointing = checkpointing,
        };
        model.Net.Loss(pass, new(new int[Window * Batch])).Backward();
        var counted = ModelShape.Of(Example(family)).ActivationBytes(Window, Batch, dropout, checkpointing);
        output.WriteLine($"{family}: {arena.Bytes} taken, {counted} counted");
        Assert.InRange(counted, 0.93 * arena.Bytes, 1.02 * arena.Bytes);
    }

    /// <summary>GPT-2's operations by the formula: 2 a parameter of matrices, and all pairs that a causal mask leaves.</summary>
    [Fact]
    public void OperationsAreThoseOfTheFormula()
    {
        const double T = 1024, C = 768, L = 12, V = 50257;
        var work = ModelShape.Of(NamedShapes.Find("gpt2")!.Config).Work;
        var products = 2 * (12 * C * C * L + V * C) * T;
        var attention = L * 2 * 2 * C * T * (T + 1) / 2;
        Assert.Equal(products, work.Forward.Products, products * 1e-12);
        Assert.Equal(attention, work.Forward.Attention, attention * 1e-12);
        Assert.Equal(3 * products, work.Training!.Value.Products, products * 1e-12);    // of the products' two inputs a gradient each
        Assert.Equal(3 * attention, work.Training.Value.Attention, attention * 1e-12);
        Assert.Equal(2 * C * L, work.KeyValueWidth);
        Assert.Equal(V * C + T * C, work.TableParameters);
    }

    /// <summary>Bands of 128 in every other layer: a query in the middle sees 128 keys and not all before it.</summary>
    [Fact]
    public void WindowsLeaveWorkOut()
    {
        const double T = 2048, C = 768, W = 128;
        var dense = T * (T + 1) / 2;
        var banded = W * (W + 1) / 2 + (T - W) * W;
        var work = ModelShape.Of(NamedShapes.Find("gpt3-small")!.Config).Work;
        Assert.Equal(6 * 4 * C * (dense + banded), work.Forward.Attention, 1);
    }

    /// <summary>Keys and values of two of eight heads; states of an LSTM.</summary>
    [Fact]
    public void WhatIsCarriedOnIsCounted()
    {
        Assert.Equal(2 * 16 * 8 * 64, ModelShape.Of(NamedShapes.Find("llama3.2-1b")!.Config).Work.KeyValueWidth);
        var lstm = ModelShape.Of(NamedShapes.Find("lstm-medium")!.Config).Work;
        Assert.Equal((0, 2 * 2 * 650), (lstm.KeyValueWidth, lstm.StateWidth));
    }

    /// <summary>175 billion parameters: nothing is taken for them, neither of the managed heap nor elsewhere.</summary>
    [Fact]
    public void TheLargestTakesNoMemory()
    {
        var config = NamedShapes.Find("gpt3-175b")!.Config;
        _ = ModelShape.Of(NamedShapes.Find("gpt3-small")!.Config).Work;
        var (managed, whole, watch) = (GC.GetAllocatedBytesForCurrentThread(), Environment.WorkingSet, Stopwatch.StartNew());
        var shape = ModelShape.Of(config);
        var work = shape.Work;
        output.WriteLine($"{watch.ElapsedMilliseconds} ms, {(GC.GetAllocatedBytesForCurrentThread() - managed) >> 10} KiB managed");
        Assert.Equal(174_604_259_328, shape.Parameters);
        Assert.True(work.ActivationBytes > 100e9);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - managed < 8 << 20);
        Assert.True(Environment.WorkingSet - whole < 1L << 30);      // other tests run meanwhile; the weights alone are 698 GB
    }

    /// <summary>A quantised size is that of the file that quantize writes, but for its headers.</summary>
    [Fact]
    public void BytesInAFormatAreThoseOfBlocks()
    {
        var shape = ModelShape.Of(NamedShapes.Find("smollm2-135m")!.Config);
        var (vectors, matrices) = (shape.Weights.Where(w => w.Shape.Rank == 1).Sum(w => w.Shape.Count),
            shape.Weights.Where(w => w.Shape.Rank == 2).Sum(w => w.Shape.Count));
        Assert.Equal(4 * vectors + matrices / 32 * 34, shape.BytesIn(DType.Named("q8_0")));
        Assert.Equal(2 * (vectors + matrices), shape.BytesIn(DType.BF16));
        Assert.True(shape.BytesIn(DType.Named("q4_k")) > 0);         // rows of 576 are no whole blocks of 256: the next that fits
    }
}
