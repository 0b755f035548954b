using Dayu.Hub;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>How fast models write, token by token: short, and in turn, so that what else the machine does meets all alike.</summary>
static class DecodeSpeed
{
    const int Rounds = 5, Tokens = 12;

    /// <summary>Tokens a second of each model, medians of rounds; null where they cannot be measured, and the reason.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="on">What computes.</param>
    /// <param name="places">The models.</param>
    public static (double[]? TokensPerSecond, string? Why) Measure(CommandContext call, Backend on, params ModelPlace[] places)
    {
        var (needed, memory) = (places.Sum(p => ModelStore.BytesAt(p.Path)), call.Terminal.Memory);
        if (needed > memory * 0.7) return (null, call.Say.Text("quantize.too-large", Units.Bytes(needed), Units.Bytes(memory)));
        var runners = new List<Runner>();
        try
        {
            foreach (var place in places) runners.Add(new(place, on));
            foreach (var r in runners) r.Run(call);                   // what is done once is done now
            var rounds = runners.Select(_ => new double[Rounds]).ToArray();
            for (var round = 0; round < Rounds; round++)
                for (var i = 0; i < runners.Count; i++) rounds[i][round] = runners[i].Run(call);
            return ([.. rounds.Select(r => r.Order().ElementAt(Rounds / 2))], null);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidDataException or OutOfMemoryException) { return (null, e.Message); }
        finally
        {
            foreach (var r in runners) r.Dispose();
        }
    }

    /// <summary>A model that writes; what it writes is not looked at.</summary>
    sealed class Runner(ModelPlace place, Backend on) : IDisposable
    {
        readonly LoadedModel model = place.Load(on);
        readonly Arena arena = new(on);

        /// <summary>Tokens a second of one round.</summary>
        public double Run(CommandContext call)
        {
            var net = model.As<ICausalLm>();
            var tokens = Math.Min(Tokens, net.Context);
            using var cache = KvCache.ForOne(on, tokens);
            using var sequence = cache.Begin();
            var start = call.Terminal.Clock.GetTimestamp();
            for (var i = 0; i < tokens; i++)
            {
                call.Cancel.ThrowIfCancellationRequested();
                arena.Reset();
                net.Forward(new(arena, cache, (sequence, (int[])[i % net.Vocabulary])));
            }
            return tokens / Math.Max(1e-9, call.Terminal.Clock.GetElapsedTime(start).TotalSeconds);
        }

        public void Dispose()
        {
            arena.Dispose();
            model.Dispose();
        }
    }
}
