using System.Runtime.InteropServices;

namespace Dayu.Text;

/// <summary>
/// What stands on one side of a new token: for each symbol how often, and where. Arrays by symbol, so that a place costs
/// no look-up; only the symbols that were met are visited.
/// </summary>
sealed class Neighbours
{
    struct Neighbour
    {
        public long Count;
        public int Places, Head;
    }

    Neighbour[] neighbours = new Neighbour[1 << 10];
    readonly List<int> met = [];
    readonly List<(int Place, int Before)> places = [];

    /// <summary>The symbols that were met.</summary>
    public ReadOnlySpan<int> Ids => CollectionsMarshal.AsSpan(met);

    /// <summary>How often a symbol stands there.</summary>
    public long CountOf(int id) => neighbours[id].Count;

    /// <summary>At how many places.</summary>
    public int NumberOf(int id) => neighbours[id].Places;

    /// <summary>A symbol was met.</summary>
    /// <param name="id">The symbol.</param>
    /// <param name="place">Where the pair of it and the token begins; higher than those before.</param>
    /// <param name="count">How often the word occurs.</param>
    public void Add(int id, int place, long count)
    {
        if (id >= neighbours.Length) Array.Resize(ref neighbours, Math.Max(id + 1, 2 * neighbours.Length));
        ref var neighbour = ref neighbours[id];
        if (neighbour.Places++ == 0) met.Add(id);
        neighbour.Count += count;
        places.Add((place, neighbour.Head));
        neighbour.Head = places.Count - 1;
    }

    /// <summary>Writes a symbol's places, ascending.</summary>
    public void PlacesOf(int id, Span<int> to)
    {
        var all = CollectionsMarshal.AsSpan(places);
        for (int i = to.Length - 1, at = neighbours[id].Head; i >= 0; i--) (to[i], at) = all[at];
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (int id in met) neighbours[id] = default;
        met.Clear();
        places.Clear();
    }
}
