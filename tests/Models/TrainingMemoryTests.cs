using System.Text.Json.Nodes;
using Dayu.Cpu;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Tests;

/// <summary>
/// Memory of activations in a training step of an 8-layer GPT-2 of width 256 at 256 tokens: what a block's input costs
/// against all that lies between.
/// </summary>
public sealed class TrainingMemoryTests(ITestOutputHelper output)
{
    const int Tokens = 256, Vocabulary = 512;

    [Fact]
    public void CheckpointingAndAPausedTapeTakeLess()
    {
        using var on = new CpuBackend(2);
        var config = JsonNode.Parse($$"""
            {
                "architectures": ["GPT2LMHeadModel"], "vocab_size": {{Vocabulary}},
                "n_embd": 256, "n_layer": 8, "n_head": 8, "n_positions": {{Tokens}}
            }
            """)!.AsObject();
        using var model = LoadedModel.Create(config, on, seed: 1);
        var (plain, checkpointed, paused) = (Bytes(step: true), Bytes(step: true, checkpointing: true), Bytes(step: false));
        output.WriteLine($"activations: step {Megabytes(plain)}, with checkpointing {Megabytes(checkpointed)}, "
            + $"validation with the tape paused {Megabytes(paused)}");
        Assert.InRange(checkpointed, 1, plain / 3);
        Assert.InRange(paused, 1, plain / 5);

        long Bytes(bool step, bool checkpointing = false)
        {
            using var arena = new Arena(on);
            int[] ids = [.. Enumerable.Range(0, Tokens).Select(i => i * 31 % Vocabulary)];
            Tensor Loss() =>
                model.Net.Loss(new(arena, ids) { SelectedRows = Pass.Every(Tokens), Checkpointing = checkpointing },
                    new([.. ids.Skip(1), -100]));
            if (step) Loss().Backward();
            else using (arena.Tape.Pause()) Loss();
            return arena.Bytes;
        }
    }

    static string Megabytes(long bytes) => $"{bytes / 1e6:F1} MB";
}
