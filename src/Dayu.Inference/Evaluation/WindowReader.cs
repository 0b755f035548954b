using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Inference;

/// <summary>A model that reads a text in windows.</summary>
/// <param name="by">Who reads.</param>
sealed class WindowReader(Predictor by) : IDisposable
{
    readonly Arena arena = new(by.On);
    KvCache? cache;
    KvSequence? sequence;

    /// <summary>Reads the next piece.</summary>
    /// <param name="ids">The whole text.</param>
    /// <param name="part">Which piece of it.</param>
    /// <returns>[R, V]: a row for each that predicts; of a piece without any, nothing of use.</returns>
    public float[] Read(int[] ids, TextPart part)
    {
        if (part.Window > 0)
        {
            Dispose(ref cache);
            cache = KvCache.ForOne(by.On, part.Window, by.Cache);
            sequence = cache.Begin();
        }
        var rows = part.Rows;
        arena.Reset();
        var pass = new Pass(arena, cache!, (sequence!, ids.AsMemory(part.At, part.Count))) { SelectedRows = rows.Length > 0 ? rows : null };
        return by.Model.Forward(pass).ToArray();
    }

    static void Dispose(ref KvCache? cache)
    {
        cache?.Dispose();
        cache = null;
    }

    public void Dispose()
    {
        Dispose(ref cache);
        arena.Dispose();
    }
}
