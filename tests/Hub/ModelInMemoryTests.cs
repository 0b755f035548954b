using System.Runtime.InteropServices;
using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;

namespace Dayu.Tests;

/// <summary>A model in a program's memory answers as the same one in a file.</summary>
public sealed unsafe class ModelInMemoryTests
{
    [Fact]
    public void AnswersAsFromAFile()
    {
        using var made = new QuantizeModel();
        var path = made["model.gguf"];
        Assert.Equal(0, Caller.Do("export", made.Path, "-o", path).Code);
        var content = File.ReadAllBytes(path);
        var memory = (nint)NativeMemory.AlignedAlloc((nuint)content.Length, 64);
        try
        {
            content.CopyTo(new Span<byte>((void*)memory, content.Length));
            Assert.Equal(Answer(on => Pretrained.Open(path, on)),
                Answer(on => Pretrained.Open(new("resource", memory, content.Length), on)));
            Assert.True(content.AsSpan().SequenceEqual(new((void*)memory, content.Length)));       // it is the caller's, also afterwards
        }
        finally { NativeMemory.AlignedFree((void*)memory); }
    }

    static int[] Answer(Func<Dayu.Tensors.Backend, Pretrained> open)
    {
        using var cpu = new Dayu.Cpu.CpuBackend(1);
        using var model = open(cpu);
        using var session = new Session(model);
        return [.. session.Answer(model.Tokenizer.Encode("Once upon a time"), new() { MaxTokens = 8, Sampler = new() { Temperature = 0 } })
            .SelectMany(p => p.Ids)];
    }

    [Fact]
    public void WhatIsNoModelIsSaid()
    {
        var junk = stackalloc byte[8];
        var at = (nint)junk;
        Assert.Contains("resource", Assert.Throws<InvalidDataException>(() => Checkpoint.Open(new MappedFile("resource", at, 8))).Message);
        Assert.Throws<InvalidDataException>(() => new MappedFile("resource", at, 0));
    }
}
