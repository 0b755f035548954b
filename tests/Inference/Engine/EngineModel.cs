using Dayu.Cpu;
using Dayu.Hub;
using Dayu.Inference;

namespace Dayu.Tests;

/// <summary>A small model for engines, prompts for it, and what it answers to one alone.</summary>
public sealed class EngineModel : IDisposable
{
    readonly CpuBackend on = new(2);
    readonly QuantizeModel folder = new(context: 1024);

    public EngineModel() => Pretrained = Pretrained.Open(folder.Path, on);

    public Pretrained Pretrained { get; }

    /// <summary>Tokens, of which the first are the same in all prompts.</summary>
    public static int[] Prompt(int length, int shared, int seed)
    {
        var same = Math.Min(shared, length);
        return [.. Enumerable.Range(0, length).Select(t => (t < same ? t * 7 : t * 13 + 31 * seed) % 150 + 5)];
    }

    /// <summary>The answer's tokens.</summary>
    public int[] Alone(int[] prompt, GenerationSettings settings)
    {
        using var session = new Session(Pretrained, context: 256);
        return [.. session.Answer(prompt, settings).SelectMany(p => p.Ids)];
    }

    public void Dispose()
    {
        Pretrained.Dispose();
        folder.Dispose();
        on.Dispose();
    }
}
